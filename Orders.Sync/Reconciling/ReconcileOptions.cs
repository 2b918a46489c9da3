namespace Orders.Sync.Reconciling;

/// <summary>How to reconcile.</summary>
internal sealed record ReconcileOptions
{
    /// <summary>Repair differences, and compare them again.</summary>
    public bool Repairs { get; init; }

    /// <summary>Items read from the table per second; null for no bound.</summary>
    public double? ItemsPerSecond { get; init; } = 5_000;

    /// <summary>
    /// The wait before an order that differs is compared again: longer than the stream's usual lag.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);
}
