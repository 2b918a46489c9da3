using System.Runtime.InteropServices;

namespace Orders.Query.Changes;

/// <summary>What the ring says to a reader.</summary>
/// <param name="Feed">Which feed it holds.</param>
/// <param name="Generation">Another number than before: the feed has begun anew, and what the reader has
/// belongs to nothing in it.</param>
/// <param name="IsBehind">The reader's place is not in the ring any more: what follows it is in Postgres
/// only.</param>
/// <param name="End">The ring has all there is up to here.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RingRead(string Feed, int Generation, bool IsBehind, ChangePosition End);
