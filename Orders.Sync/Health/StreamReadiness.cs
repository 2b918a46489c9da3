using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orders.Sync.Health;

/// <summary>
/// When this instance is ready, as a pure function. Lag alone is no reason to be taken out: a backlog is drained by the instance that has it.
/// Lag without progress is.
/// </summary>
internal static class StreamReadiness
{
    /// <summary>How long a shard may have something to apply without anything being applied.</summary>
    public static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(30);

    /// <summary>Decides.</summary>
    /// <param name="hasListed">The stream and its shards have been found.</param>
    /// <param name="obstacle">What keeps batches from being applied until a person mends it; null for nothing.</param>
    /// <param name="delay">What keeps a single record from being applied in time; null for nothing.</param>
    /// <param name="stalledFor">For how long the worst shard was behind without progress.</param>
    /// <param name="openGaps">Gaps that no snapshot has healed yet.</param>
    /// <param name="shards">Shards that this instance holds.</param>
    /// <param name="records">Records that it has applied.</param>
    public static HealthCheckResult Judge(bool hasListed, string? obstacle, string? delay, TimeSpan stalledFor, long openGaps, int shards, long records)
    {
        if (!hasListed)
        {
            return HealthCheckResult.Unhealthy("the stream's shards have not been found yet");
        }

        if (obstacle is not null)
        {
            return HealthCheckResult.Unhealthy($"nothing can be applied: {obstacle}");
        }

        if (stalledFor > StalledAfter)
        {
            return HealthCheckResult.Unhealthy($"behind, and without progress for {stalledFor.TotalSeconds:0} s");
        }

        if (delay is not null)
        {
            return HealthCheckResult.Degraded($"the database takes too long for even a single record: {delay}");
        }

        return openGaps > 0
            ? HealthCheckResult.Degraded($"{openGaps} gaps in the stream are not healed yet; a snapshot does it")
            : HealthCheckResult.Healthy($"holds {shards} shards, has applied {records} records");
    }
}
