namespace Orders.Sync.DeadLetters;

/// <summary>The result of a redrive.</summary>
/// <param name="Applied">Records that were applied, or need not be, and are no longer dead letters.</param>
/// <param name="Failed">Records that failed again; the later ones of the item were not tried.</param>
/// <param name="Remaining">Selected dead letters that are left.</param>
internal sealed record RedriveResult(long Applied, long Failed, long Remaining);
