namespace Orders.Sync.DeadLetters;

/// <summary>Some dead letters, oldest first.</summary>
/// <param name="DeadLetters">The letters.</param>
/// <param name="After">Where the next page begins after; null on the last one.</param>
internal sealed record DeadLetterPage(IReadOnlyList<StoredDeadLetter> DeadLetters, long? After);
