namespace Orders.Sync.Reconciling;

/// <summary>How to reconcile.</summary>
internal sealed record ReconcileOptions
{
    /// <summary>Mend what differs, and look again.</summary>
    public bool Repairs { get; init; }

    /// <summary>Items read from the table each second; null for as fast as it goes.</summary>
    public double? ItemsPerSecond { get; init; } = 5_000;

    /// <summary>Between two looks at an order that differs: longer than the stream usually takes.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);
}
