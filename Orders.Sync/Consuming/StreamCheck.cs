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
/// Checks that the table has a usable stream and the keys of an order. In Development it waits for
/// Orders.Api to create the table. Elsewhere a fault stops the start, with a message that says how to fix
/// it.
/// </summary>
internal sealed partial class StreamCheck(
    IStreamsApi api, IAmazonDynamoDB dynamoDb, DynamoDbSettings settings, IHostEnvironment environment, TimeProvider time, ILogger<StreamCheck> logger) : IStartCheck
{
    private static readonly TimeSpan WaitInDevelopment = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan WaitForKeys = TimeSpan.FromSeconds(5);
    private static readonly string[] Keys = [KeyText(OrderAttributes.Pk, ScalarAttributeType.S), KeyText(OrderAttributes.Sk, ScalarAttributeType.S)];

    /// <summary>
    /// How long to wait for an unavailable service: containers and clusters start in any order.
    /// </summary>
    private static readonly TimeSpan WaitForService = TimeSpan.FromSeconds(30);

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var said = false;
        while (true)
        {
            var (problem, waits) = await FindProblemAsync(cancellationToken);
            if (problem is null)
            {
                return;
            }

            if (time.GetElapsedTime(started) >= waits)
            {
                throw problem;
            }

            if (!said)
            {
                said = true;
                LogWaiting(problem.Problem);
            }

            await Task.Delay(BetweenTries, time, cancellationToken);
        }
    }

    private async Task<(SettingsException? Problem, TimeSpan Waits)> FindProblemAsync(CancellationToken cancellationToken)
    {
        var waitForTable = environment.IsDevelopment() ? WaitInDevelopment : TimeSpan.Zero;
        try
        {
            return !await StreamListing.IsThereAsync(api, settings.Table, time, cancellationToken) ? (NoStream(), waitForTable)
                : await ReadKeysAsync(cancellationToken) is { } keys && !keys.SequenceEqual(Keys, StringComparer.Ordinal) ? (OtherKeys(keys), TimeSpan.Zero)
                : default;
        }
        catch (StreamsException failed)
        {
            return failed.Failure switch
            {
                StreamsFailure.NotFound => (NoStream(), waitForTable),
                StreamsFailure.Invalid => (Problem(failed.Message + ".", $"Change it: disable the stream, then enable it with {StreamListing.RequiredViewType}."), TimeSpan.Zero),
                StreamsFailure.AccessDenied => (
                    Problem($"Its stream may not be read ({failed.Message}).", "Allow dynamodb:ListStreams, DescribeStream, GetShardIterator and GetRecords on its streams."),
                    TimeSpan.Zero),
                _ => (
                    new SettingsException("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", $"DynamoDB Streams does not answer ({failed.Message}).", "Correct the address or the region, or start it."),
                    WaitForService),
            };
        }
    }

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

    private SettingsException NoStream() => Problem(
        $"The table '{settings.Table}' does not exist or has no stream.",
        $"Create it with a stream of {StreamListing.RequiredViewType} (Orders.Api does so in Development), or name another table.");

    private static SettingsException Problem(string problem, string wayOut) => new("Orders__Table", problem, wayOut);

    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting: {Problem}")]
    private partial void LogWaiting(string problem);
}
