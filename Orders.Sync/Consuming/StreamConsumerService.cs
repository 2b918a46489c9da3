using DynamoStreams;

namespace Orders.Sync.Consuming;

/// <summary>Runs the consumer for as long as the service runs.</summary>
internal sealed class StreamConsumerService(StreamConsumer consumer) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => consumer.RunAsync(stoppingToken);
}
