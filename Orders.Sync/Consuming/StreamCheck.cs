using DynamoStreams;
using DynamoStreams.Api;
using Orders.ServiceDefaults;

namespace Orders.Sync.Consuming;

/// <summary>
/// Whether the table has a stream that can be projected. In Development it waits for Orders.Api to create the table; elsewhere whatever
/// is missing stops the start with what to do about it.
/// </summary>
internal sealed partial class StreamCheck(
    IStreamsApi api, DynamoDbSettings settings, IHostEnvironment environment, TimeProvider time, ILogger<StreamCheck> logger) : IStartCheck
{
    private static readonly TimeSpan WaitInDevelopment = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a service that is away is waited for: containers and clusters start in any order.</summary>
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
            return await StreamListing.IsThereAsync(api, settings.Table, time, cancellationToken) ? default : (NoStream(), waitForTable);
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

    private SettingsException NoStream() => Problem(
        $"The table '{settings.Table}' does not exist or has no stream.",
        $"Create it with a stream of {StreamListing.RequiredViewType} (Orders.Api does so in Development), or name another table.");

    private static SettingsException Problem(string problem, string wayOut) => new("Orders__Table", problem, wayOut);

    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting: {Problem}")]
    private partial void LogWaiting(string problem);
}
