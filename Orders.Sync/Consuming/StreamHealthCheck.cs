using DynamoStreams;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orders.Sync.Consuming;

/// <summary>Ready once the stream's shards are found: from then on this instance reads, or stands by for one that does.</summary>
internal sealed class StreamHealthCheck(StreamConsumer consumer) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        consumer.Progress.HasListed
            ? HealthCheckResult.Healthy($"holds {consumer.Progress.ShardsHeld} shards, has applied {consumer.Progress.Records} records")
            : HealthCheckResult.Unhealthy("the stream's shards have not been found yet"));
}
