using Amazon.DynamoDBv2;
using Amazon.Runtime;
using DynamoStreams.Api;
using DynamoStreams.Listing;
using Orders.Domain.Item;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;

namespace Orders.Sync.Consuming;

/// <summary>
/// Checks that the table has a usable stream and the keys of an order. A stream that does not answer is
/// waited for and, in Development, a table that Orders.Api has not created yet. Any other fault stops the
/// start, with a message that says how to fix it.
/// </summary>
internal sealed class StreamCheck(IStreamsApi api, IAmazonDynamoDB dynamoDb, DynamoDbSettings settings, IHostEnvironment environment, TimeProvider time) : IStartCheck
{
    private static readonly TimeSpan WaitForKeys = TimeSpan.FromSeconds(5);
    private static readonly string[] Keys = [KeyText(OrderAttributes.Pk, ScalarAttributeType.S), KeyText(OrderAttributes.Sk, ScalarAttributeType.S)];

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await StreamListing.IsThereAsync(api, settings.Table, time, cancellationToken))
            {
                throw NoStream();
            }
        }
        catch (StreamsException failed)
        {
            throw Explain(failed);
        }

        if (await ReadKeysAsync(cancellationToken) is { } keys && !keys.SequenceEqual(Keys, StringComparer.Ordinal))
        {
            throw OtherKeys(keys);
        }
    }

    private Exception Explain(StreamsException failed) => failed.Failure switch
    {
        StreamsFailure.NotFound => NoStream(),
        StreamsFailure.Invalid => Problem(failed.Message + ".", $"Change it: disable the stream, then enable it with {StreamListing.RequiredViewType}."),
        StreamsFailure.AccessDenied => Problem(
            $"Its stream may not be read ({failed.Message}).", "Allow dynamodb:ListStreams, DescribeStream, GetShardIterator and GetRecords on its streams."),
        _ => new StoreAwayException(
            "DynamoDB", $"DynamoDB Streams does not answer ({failed.Message}). Start it, or correct AWS_ENDPOINT_URL_DYNAMODB_STREAMS or the region.", failed),
    };

    /// <summary>
    /// The table's keys, the partition key first; null when they cannot be read, which does not stop the
    /// start.
    /// </summary>
    private async Task<IReadOnlyList<string>?> ReadKeysAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(WaitForKeys, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var table = (await dynamoDb.DescribeTableAsync(settings.Table, limit.Token)).Table;
            var types = table?.AttributeDefinitions?.ToDictionary(attribute => attribute.AttributeName, attribute => attribute.AttributeType, StringComparer.Ordinal);
            return table?.KeySchema is { Count: > 0 } keys && types is not null
                ? [.. keys.OrderBy(key => key.KeyType == KeyType.HASH ? 0 : 1).Select(key => KeyText(key.AttributeName, types[key.AttributeName]))]
                : null;
        }
        catch (Exception unknown) when (unknown is AmazonServiceException or AmazonClientException or HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static string KeyText(string name, ScalarAttributeType type) => $"{name} ({type})";

    private SettingsException OtherKeys(IReadOnlyList<string> keys) => Problem(
        $"The table '{settings.Table}' has the {(keys.Count == 1 ? "key" : "keys")} {string.Join(" and ", keys)}, not {string.Join(" and ", Keys)}.",
        $"Name another table, or create one with the partition key {Keys[0]} and the sort key {Keys[1]} (Orders.Api does so in Development).");

    private Exception NoStream()
    {
        var (problem, wayOut) = (
            $"The table '{settings.Table}' does not exist or has no stream.",
            $"Create it with a stream of {StreamListing.RequiredViewType} (Orders.Api does so in Development), or name another table.");
        return environment.IsDevelopment() ? new StoreAwayException("The table", $"{problem} {wayOut}") : Problem(problem, wayOut);
    }

    private static SettingsException Problem(string problem, string wayOut) => new("Orders__Table", problem, wayOut);
}
