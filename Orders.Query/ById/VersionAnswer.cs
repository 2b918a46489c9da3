using System.Runtime.InteropServices;

namespace Orders.Query.ById;

/// <summary>What came of looking for a version.</summary>
/// <param name="Found">The order, or its tombstone; null when the version is not visible.</param>
/// <param name="TurnedAway">Nobody waited for it, because too many wait already or the service is
/// stopping.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct VersionAnswer(FoundOrder? Found, bool TurnedAway);
