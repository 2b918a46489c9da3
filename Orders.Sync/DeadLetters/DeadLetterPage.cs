namespace Orders.Sync.DeadLetters;

/// <summary>Some dead letters, oldest first.</summary>
/// <param name="DeadLetters">The letters.</param>
/// <param name="After">The letter after which the next page begins; null on the last page.</param>
internal sealed record DeadLetterPage(IReadOnlyList<StoredDeadLetter> DeadLetters, long? After);
