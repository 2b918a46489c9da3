using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orders.Sync.Status;

namespace Orders.Sync.Consuming;

/// <summary>
/// Decides whether an instance is ready; a pure function. Lag alone does not make it unready, since the
/// instance that has a backlog drains it. Lag without progress makes every instance unready, whichever holds
/// the shard. Anybody may read the descriptions: they have no figures of how much is written.
/// </summary>
internal static class StreamReadiness
{
    /// <summary>
    /// How long there may be no open shard: between the end of one and the discovery of its children.
    /// </summary>
    public static readonly TimeSpan DiscoveryGrace = TimeSpan.FromSeconds(10);

    /// <summary>Decides.</summary>
    /// <param name="state">The state.</param>
    /// <param name="stalledAfter">How long something may wait without anything being applied.</param>
    /// <param name="heartbeatsWithin">The highest age of the last heartbeat; after it the leases
    /// expire.</param>
    public static HealthCheckResult Judge(StreamState state, TimeSpan stalledAfter, TimeSpan heartbeatsWithin) =>
        Problem(state, stalledAfter, heartbeatsWithin) is { } problem ? HealthCheckResult.Unhealthy(problem)
        : state.Delay is { } delay ? HealthCheckResult.Degraded($"the database takes too long for even a single record: {delay}")
        : state.OpenGaps > 0 ? HealthCheckResult.Degraded("gaps in the stream are not healed yet; a snapshot does it")
        : HealthCheckResult.Healthy("the stream is followed");

    private static string? Problem(StreamState state, TimeSpan stalledAfter, TimeSpan heartbeatsWithin) => state switch
    {
        { Shards: null } => "Postgres does not say how the shards are, so nothing is known to be current: see to Postgres",
        { HasListed: false } => "the stream's shards have not been found yet: the log says why if this lasts",
        { Obstacle: { } obstacle } => $"nothing can be applied: {obstacle}",
        { SinceHeartbeat: var since } when since > heartbeatsWithin => $"no heartbeat for {Seconds(since)}, so its leases run out: the log says why",
        { ReadsFailFor: var failing } when failing > stalledAfter => $"the stream cannot be read for {Seconds(failing)}: see to DynamoDB and to the right to read its stream",
        { Shards: { Open: 0, SinceEnd: null } } => "no shard of the stream is known: see whether the table's stream is enabled",
        { Shards: { Open: 0, SinceEnd: { } since } } when since > DiscoveryGrace =>
            $"no shard of the stream has been open for {Seconds(since)}: see whether the table's stream is enabled",
        { Shards: { SinceListing: { } since } } when since > ShardsState.ListingHolds =>
            $"which shards the stream has was last seen {Seconds(since)} ago: see to DynamoDB and to the right to list its stream (ListStreams, DescribeStream)",
        { StalledFor: var stalled } when stalled > stalledAfter => $"behind, and without progress for {Seconds(stalled)}: the log says why",
        { Shards: { Silence: var silence } shards } when silence > stalledAfter =>
            $"the shard {shards.Worst} is behind, and without progress for {Seconds(silence)}: see {shards.Holder ?? "why nobody holds it"}",
        { Shards: { InDoubt: var waiting } } when waiting > stalledAfter =>
            $"orders in doubt have not been looked up in the table for {Seconds(waiting)}: see to DynamoDB and to the right to read its table (BatchGetItem)",
        _ => null,
    };

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds:0} s";
}
