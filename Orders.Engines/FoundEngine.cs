namespace Orders.Engines;

/// <summary>An engine that was found on this machine.</summary>
/// <param name="Program">The file to run.</param>
/// <param name="Source">Where it comes from, in a few words: its version, PATH, npm.</param>
/// <param name="Major">The major version, where it matters.</param>
internal sealed record FoundEngine(string Program, string Source, int Major = 0);
