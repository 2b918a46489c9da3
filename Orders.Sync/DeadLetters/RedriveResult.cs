namespace Orders.Sync.DeadLetters;

/// <summary>What a redrive came to.</summary>
/// <param name="Applied">Records that are applied now, or need not be, and are dead letters no
/// longer.</param>
/// <param name="Failed">Records that failed again; those behind them were not tried.</param>
/// <param name="Remaining">Dead letters that there are still, of those asked for.</param>
internal sealed record RedriveResult(long Applied, long Failed, long Remaining);
