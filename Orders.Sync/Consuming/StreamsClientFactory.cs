using DynamoStreams.Api;
using Orders.ServiceDefaults.Stores;

namespace Orders.Sync.Consuming;

/// <summary>Makes a Streams client with the endpoint and credentials of the DynamoDB client.</summary>
internal static class StreamsClientFactory
{
    public static IStreamsApi Create(DynamoDbSettings settings, TimeProvider time) => new StreamsClient(
        settings.StreamsEndpoint ?? StreamsClient.RegionalEndpoint(settings.Region.SystemName),
        settings.Region.SystemName,
        settings.FindCredentials(),
        time);
}
