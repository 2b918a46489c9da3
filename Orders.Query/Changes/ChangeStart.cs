namespace Orders.Query.Changes;

/// <summary>Where a stream begins.</summary>
/// <param name="Feed">Which feed.</param>
/// <param name="Generation">Of the ring, see <see cref="RingRead"/>.</param>
/// <param name="Position">With the changes behind this place.</param>
/// <param name="Kind">How that came to be.</param>
internal sealed record ChangeStart(string Feed, int Generation, ChangePosition Position, ChangeStartKind Kind);
