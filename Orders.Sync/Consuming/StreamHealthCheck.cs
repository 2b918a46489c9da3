using DynamoStreams;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orders.Sync.Status;

namespace Orders.Sync.Consuming;

/// <summary>Checks that the read model is kept current, by this instance or by another one.</summary>
internal sealed class StreamHealthCheck(
    StreamConsumer consumer, StreamConsumerOptions options, Backlog backlog, ShardsLook look, ReadinessSettings settings, TimeProvider time) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var shards = await look.ReadAsync(cancellationToken);
        var (progress, now) = (consumer.Progress, time.GetUtcNow());
        var state = new StreamState
        {
            HasListed = progress.HasListed,
            Shards = shards,
            Obstacle = progress.Obstacle,
            Delay = progress.Delay,
            StalledFor = progress.StalledFor(now),
            SinceHeartbeat = progress.SinceHeartbeat(now),
            ReadsFailFor = progress.ReadsFailFor(now),
            OpenGaps = backlog.Latest?.Gaps.Open ?? 0,
        };
        return StreamReadiness.Judge(state, settings.StalledAfter, options.LeaseDuration + options.RenewInterval);
    }
}
