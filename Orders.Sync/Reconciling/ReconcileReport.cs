using System.Text.Json.Serialization;
using Orders.Sync.Repair;

namespace Orders.Sync.Reconciling;

/// <summary>What was compared and what differs. Also the progress of a running reconciliation.</summary>
internal sealed record ReconcileReport
{
    /// <summary>
    /// What it does now: <c>orders</c>, <c>surplus</c>, <c>cache</c>, <c>totals</c>, or <c>completed</c>.
    /// </summary>
    public required string Phase { get; init; }

    /// <summary>Items that the table has, as the service estimates them.</summary>
    public long ExpectedItems { get; init; }

    /// <summary>Items read from the table, of any entity.</summary>
    public long Items { get; init; }

    /// <summary>Orders in the table.</summary>
    public long TableOrders { get; init; }

    /// <summary>Items that claim to be orders but are not valid; they cannot be compared.</summary>
    public long BrokenItems { get; init; }

    /// <summary>Rows of <c>orders</c>.</summary>
    public long PostgresOrders { get; init; }

    /// <summary>Rows of <c>order_items</c>.</summary>
    public long PostgresLines { get; init; }

    /// <summary>
    /// Entries in Redis. A missing entry is no difference, since the order is then read from Postgres.
    /// </summary>
    public long RedisEntries { get; init; }

    /// <summary>Whether Redis was compared: it may not be configured.</summary>
    public bool ComparedRedis { get; init; }

    /// <summary>Hourly totals.</summary>
    public long Totals { get; init; }

    /// <summary>The number of differences found; only the first of them are listed.</summary>
    public long Found { get; init; }

    /// <summary>The number of them that are left after the repair.</summary>
    public long Remaining { get; init; }

    /// <summary>The first differences.</summary>
    public IReadOnlyList<Difference> Differences { get; init; } = [];

    /// <summary>Whether the stores agree now.</summary>
    [JsonIgnore]
    public bool IsClean => Remaining == 0;
}
