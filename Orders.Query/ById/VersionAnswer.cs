using System.Runtime.InteropServices;

namespace Orders.Query.ById;

/// <summary>The result of reading a version.</summary>
/// <param name="Found">The order, or its tombstone; null when the version is not visible.</param>
/// <param name="TurnedAway">The request did not wait, because too many wait already or the service is
/// stopping.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct VersionAnswer(FoundOrder? Found, bool TurnedAway);
