namespace Orders.Query.Status;

/// <summary>The warehouse, as its ledger in Postgres tells. Figures that are not known are null.</summary>
internal sealed record WarehouseAnswer
{
    /// <summary>
    /// <c>current</c> (all of it is known, and nothing is wrong), <c>behind</c>, <c>degraded</c> (something
    /// has to be done, or is being mended), <c>absent</c> (there is no ledger) or <c>unknown</c>.
    /// </summary>
    public required string State { get; init; }

    /// <summary>Why it is not current, as a sentence; null when it is.</summary>
    public string? Problem { get; init; }

    /// <summary>The time since when not every change of an order is in a file, in milliseconds.</summary>
    public long? LagMs { get; init; }

    /// <summary>The age of the newest file, in milliseconds. It rises while nothing changes.</summary>
    public long? NewestFileMs { get; init; }

    /// <summary>The rows of all logs.</summary>
    public long? Rows { get; init; }

    /// <summary>Records that cannot be typed.</summary>
    public long? Quarantined { get; init; }

    /// <summary>
    /// The log that Postgres keeps for the replication slot, in bytes; null without SQL tables, too.
    /// </summary>
    public long? SlotLagBytes { get; init; }
}
