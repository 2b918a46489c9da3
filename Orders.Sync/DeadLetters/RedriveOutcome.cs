namespace Orders.Sync.DeadLetters;

/// <summary>What one transaction of a redrive came to.</summary>
/// <param name="FirstId">The first letter that it tried; 0 when there was none.</param>
/// <param name="Applied">Letters that are applied and struck out.</param>
/// <param name="FailedItems">Items of which a record is still no good; that is noted.</param>
/// <param name="More">Whether the items have letters that were not tried.</param>
/// <param name="Refusal">Why nothing was committed, by the fault of a record; null when it was.</param>
internal sealed record RedriveOutcome(long FirstId, int Applied, IReadOnlyCollection<string> FailedItems, bool More, Exception? Refusal);
