using DynamoStreams.Api;
using Orders.ServiceDefaults.Stores;

namespace Orders.Sync.Consuming;

/// <summary>
/// The Streams client for the same table, address and credentials as the DynamoDB client has.
/// </summary>
internal static class StreamsClientFactory
{
    public static IStreamsApi Create(DynamoDbSettings settings, TimeProvider time) => new StreamsClient(
        settings.StreamsEndpoint ?? StreamsClient.RegionalEndpoint(settings.Region.SystemName),
        settings.Region.SystemName,
        settings.FindCredentials(),
        time);
}
