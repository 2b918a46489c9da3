using System.Runtime.InteropServices;

namespace Orders.Query.Changes;

/// <summary>The result of a read of the ring.</summary>
/// <param name="Feed">The feed that it holds.</param>
/// <param name="Generation">A new number means that the feed began anew, and the reader's position is not in
/// it.</param>
/// <param name="IsBehind">Whether the reader is behind the ring: the changes after its position are in
/// Postgres only.</param>
/// <param name="End">The position up to which the ring is complete.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RingRead(string Feed, int Generation, bool IsBehind, ChangePosition End);
