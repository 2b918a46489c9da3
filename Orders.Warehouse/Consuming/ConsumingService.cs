using DynamoStreams;

namespace Orders.Warehouse.Consuming;

/// <summary>Runs the consumer for as long as the service runs.</summary>
internal sealed class ConsumingService(StreamConsumer consumer) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => consumer.RunAsync(stoppingToken);
}
