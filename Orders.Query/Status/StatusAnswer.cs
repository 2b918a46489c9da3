using System.Text.Json.Serialization;
using Orders.Domain;

namespace Orders.Query.Status;

/// <summary>
/// The response of <c>GET /v1/status</c>. Values that come from Postgres are null while it is unavailable.
/// Values that count the orders of all merchants are null for a key of some: of those it is told its own
/// dead letters, and the lag in steps of 5 seconds.
/// </summary>
internal sealed record StatusAnswer
{
    /// <summary>
    /// <c>ok</c>, <c>degraded</c> (correct, but slower or not complete), <c>lagging</c> (old) or <c>down</c>
    /// (only what is cached can be read).
    /// </summary>
    public required string Status { get; init; }

    /// <summary>The lag behind the stream, in milliseconds; null when unknown.</summary>
    public long? LagMs { get; init; }

    /// <summary>The time of the last visible change, by its writer's clock.</summary>
    [JsonConverter(typeof(TimestampJsonConverter))]
    public DateTimeOffset? LastChangeAt { get; init; }

    /// <summary>
    /// The time up to which everything is known to be applied: every shard was polled without result then.
    /// The same as <c>X-As-Of</c>; null when unknown.
    /// </summary>
    [JsonConverter(typeof(TimestampJsonConverter))]
    public DateTimeOffset? CaughtUpAt { get; init; }

    public ShardCounts? Shards { get; init; }

    /// <summary>
    /// Records that could not be applied, and those of the same orders that wait for them.
    /// </summary>
    public long? DeadLetters { get; init; }

    /// <summary>Lost parts of the stream that no snapshot has healed yet.</summary>
    public long? Gaps { get; init; }

    /// <summary>Batches that Redis may lack; their orders are read from Postgres.</summary>
    public long? CacheRepairs { get; init; }

    /// <summary>
    /// Orders in doubt: they are read from the table, because a change came that may be later or earlier
    /// than the stored state.
    /// </summary>
    public long? Doubts { get; init; }

    /// <summary>
    /// Changes that were passed over (not applied) since the read model was created, by cause.
    /// </summary>
    public IReadOnlyDictionary<string, long>? PassedOver { get; init; }

    public required EngineStatuses Engines { get; init; }

    /// <summary>The warehouse. Reads do not depend on it, so <see cref="Status"/> does not either.</summary>
    public required WarehouseAnswer Warehouse { get; init; }

    /// <summary>The stores that this service reads.</summary>
    internal sealed record EngineStatuses(EngineStatus Postgres, EngineStatus Redis);

    /// <summary>Shards by state.</summary>
    /// <param name="Open">Not read to their end.</param>
    /// <param name="Owned">Open, and leased by an instance.</param>
    /// <param name="Finished">Read to their end.</param>
    /// <param name="Records">Records applied from all of them.</param>
    internal sealed record ShardCounts(int Open, int Owned, int Finished, long Records);
}
