namespace Orders.Query.Changes;

/// <summary>Where a stream begins.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Generation">The ring's generation, see <see cref="RingRead"/>.</param>
/// <param name="Position">The stream has the changes after this position.</param>
/// <param name="Kind">How the position was chosen.</param>
internal sealed record ChangeStart(string Feed, int Generation, ChangePosition Position, ChangeStartKind Kind);
