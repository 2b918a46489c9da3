using System.Text.Json.Serialization;
using Orders.Domain;

namespace Orders.Query.Status;

/// <summary>
/// The answer of <c>GET /v1/status</c>. What only Postgres knows is null while it is away.
/// </summary>
internal sealed record StatusAnswer
{
    /// <summary>
    /// <c>ok</c>, <c>degraded</c> (correct, but slower or not complete), <c>lagging</c> (old) or <c>down</c>
    /// (only what is cached can be read).
    /// </summary>
    public required string Status { get; init; }

    /// <summary>
    /// How far the read model is behind the stream, in milliseconds; null when it is not known.
    /// </summary>
    public long? LagMs { get; init; }

    /// <summary>The time of the last change that is visible here, by its writer's clock.</summary>
    [JsonConverter(typeof(TimestampJsonConverter))]
    public DateTimeOffset? LastChangeAt { get; init; }

    /// <summary>
    /// The time up to which everything is known to be here: then every shard was asked for more and had
    /// nothing. As <c>X-As-Of</c>; null before that is known.
    /// </summary>
    [JsonConverter(typeof(TimestampJsonConverter))]
    public DateTimeOffset? CaughtUpAt { get; init; }

    public ShardCounts? Shards { get; init; }

    /// <summary>
    /// Records that could not be applied, and those of the same orders that wait behind them.
    /// </summary>
    public long? DeadLetters { get; init; }

    /// <summary>Lost parts of the stream that are not healed yet.</summary>
    public long? Gaps { get; init; }

    /// <summary>
    /// Batches that Redis should have by now and perhaps does not; their orders are read from Postgres.
    /// </summary>
    public long? CacheRepairs { get; init; }

    /// <summary>
    /// Orders that are looked up in the table, since a change came of which it is not clear whether it is
    /// later than what is here.
    /// </summary>
    public long? Doubts { get; init; }

    /// <summary>Changes of the stream that were passed over since the read model began, by cause.</summary>
    public IReadOnlyDictionary<string, long>? PassedOver { get; init; }

    public required EngineStatuses Engines { get; init; }

    /// <summary>The stores that this service reads.</summary>
    internal sealed record EngineStatuses(EngineStatus Postgres, EngineStatus Redis);

    /// <summary>Shards by what is done with them.</summary>
    /// <param name="Open">Still to be read, or to be read to their end.</param>
    /// <param name="Owned">Open, and read by an instance now.</param>
    /// <param name="Finished">Read to their end.</param>
    /// <param name="Records">Records applied from all of them.</param>
    internal sealed record ShardCounts(int Open, int Owned, int Finished, long Records);
}
