using System.Diagnostics.Metrics;
using Orders.Query.Http;
using Orders.ServiceDefaults.Telemetry;

namespace Orders.Query.Metrics;

/// <summary>The metrics of this service in addition to the platform's.</summary>
internal static class QueryMetrics
{
    private static readonly KeyValuePair<string, object?> StoredInRedis = new("store", "redis");
    private static readonly KeyValuePair<string, object?> StoredInPostgres = new("store", "postgres");
    private static readonly Counter<long> Reads =
        Telemetry.Meter.CreateCounter<long>("orders.query.reads", "{order}", "Orders read by id, by the store that answered.");

    /// <summary>Requests that wait for a version now.</summary>
    public static UpDownCounter<int> Waiters { get; } =
        Telemetry.Meter.CreateUpDownCounter<int>("orders.query.waiters", "{request}", "Requests that wait for a version.");

    /// <summary>The source of a change that a client got live.</summary>
    public static KeyValuePair<string, object?> FromRing { get; } = new("source", "live");

    /// <summary>The source of a change that a client had missed.</summary>
    public static KeyValuePair<string, object?> FromPostgres { get; } = new("source", "replay");

    /// <summary>Connected clients of the change feed.</summary>
    public static UpDownCounter<int> ChangeStreams { get; } =
        Telemetry.Meter.CreateUpDownCounter<int>("orders.query.change_streams", "{stream}", "Clients that follow the changes.");

    /// <summary>Changes written to clients, by source.</summary>
    public static Counter<long> ChangesSent { get; } =
        Telemetry.Meter.CreateCounter<long>("orders.query.changes_sent", "{change}", "Changes sent to clients: live, or replayed from Postgres.");

    /// <summary>How often a client had to catch up from Postgres.</summary>
    public static Counter<long> ChangeReplays { get; } =
        Telemetry.Meter.CreateCounter<long>("orders.query.change_replays", "{replay}", "Times that a client caught up from Postgres.");

    /// <summary>Clients that were disconnected because they read nothing for too long.</summary>
    public static Counter<long> ChangeStreamsCut { get; } =
        Telemetry.Meter.CreateCounter<long>("orders.query.change_streams_cut", "{stream}", "Streams cut off because their clients took nothing.");

    /// <summary>Counts an order that was read.</summary>
    public static void CountRead(ServedBy store) => Reads.Add(1, store == ServedBy.Redis ? StoredInRedis : StoredInPostgres);
}
