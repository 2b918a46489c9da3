using System.Diagnostics.Metrics;
using Orders.ServiceDefaults;

namespace Orders.Query;

/// <summary>What this service measures beyond what the platform does.</summary>
internal static class QueryMetrics
{
    private static readonly KeyValuePair<string, object?> FromRedis = new("store", "redis");
    private static readonly KeyValuePair<string, object?> FromPostgres = new("store", "postgres");
    private static readonly Counter<long> Reads =
        Telemetry.Meter.CreateCounter<long>("orders.query.reads", "{order}", "Orders read by id, by the store that answered.");

    /// <summary>Requests that wait for a version now.</summary>
    public static UpDownCounter<int> Waiters { get; } =
        Telemetry.Meter.CreateUpDownCounter<int>("orders.query.waiters", "{request}", "Requests that wait for a version.");

    /// <summary>Counts an order that was read.</summary>
    public static void CountRead(ServedBy store) => Reads.Add(1, store == ServedBy.Redis ? FromRedis : FromPostgres);
}
