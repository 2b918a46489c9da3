using DynamoStreams;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orders.Sync.Health;

/// <summary>Whether this instance keeps the read model current, or stands by for one that does.</summary>
internal sealed class StreamHealthCheck(StreamConsumer consumer, Backlog backlog, TimeProvider time) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var progress = consumer.Progress;
        return Task.FromResult(StreamReadiness.Judge(
            progress.HasListed, progress.Obstacle, progress.Delay, progress.StalledFor(time.GetUtcNow()), backlog.Latest?.Gaps.Open ?? 0, progress.ShardsHeld, progress.Records));
    }
}
