using DynamoStreams;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orders.Warehouse.Settings;

namespace Orders.Warehouse.Consuming;

/// <summary>Checks that this instance reads and writes. Lag alone does not make it unready.</summary>
internal sealed class ConsumingHealthCheck(StreamConsumer consumer, StreamConsumerOptions options, WarehouseSettings settings, TimeProvider time) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (progress, now) = (consumer.Progress, time.GetUtcNow());
        var problem = progress switch
        {
            { HasListed: false } => "the stream's shards have not been found yet: the log says why if this lasts",
            { Obstacle: { } obstacle } => $"nothing can be written: {obstacle}",
            _ when progress.SinceHeartbeat(now) > options.LeaseDuration + options.RenewInterval => "no heartbeat, so its leases run out: see to Postgres",
            _ when progress.ReadsFailFor(now) > settings.StalledAfter => "the stream cannot be read: see to DynamoDB and to the right to read its stream",
            // A batch may wait as long as a file may be young; then it must be written.
            _ when progress.StalledFor(now) > settings.FileAge + settings.StalledAfter => "behind, and without progress: the log says why",
            _ => null,
        };
        return Task.FromResult(problem is null
            ? HealthCheckResult.Healthy("the stream is followed")
            : HealthCheckResult.Unhealthy(problem));
    }
}
