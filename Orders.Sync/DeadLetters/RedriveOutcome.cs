namespace Orders.Sync.DeadLetters;

/// <summary>The result of one transaction of a redrive.</summary>
/// <param name="FirstId">The first letter that it tried; 0 when there was none.</param>
/// <param name="Applied">Letters that were applied and deleted.</param>
/// <param name="FailedItems">Items with a record that still fails; its error is stored.</param>
/// <param name="More">Whether the items have letters that were not tried.</param>
/// <param name="Refusal">The failure of a record because of which nothing was committed; null when it was
/// committed.</param>
internal sealed record RedriveOutcome(long FirstId, int Applied, IReadOnlyCollection<string> FailedItems, bool More, Exception? Refusal);
