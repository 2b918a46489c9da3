using DynamoStreams.Api;
using DynamoStreams.Lineage;
using DynamoStreams.Scheduling;

namespace DynamoStreams.Listing;

/// <summary>Lists a table's streams with all their shards, page after page.</summary>
public static class StreamListing
{
    /// <summary>
    /// The only view type whose records hold the item before and after the change.
    /// <see href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html"/>
    /// </summary>
    public const string RequiredViewType = "NEW_AND_OLD_IMAGES";

    // DescribeStream allows ten calls a second. A long listing leaves some of them for instances that ask
    // for the children of a shard that ends.
    // https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/DescribeStream
    private const int PagesAtOnce = 4;
    private static readonly TimeSpan BetweenPages = TimeSpan.FromMilliseconds(125);

    // The retries for one page: they last longer than any burst of calls from elsewhere.
    private const int MostThrottles = 20;

    private static readonly PollingOptions Waits = new();

    /// <summary>
    /// Checks whether a table has a stream that can be consumed. It takes two calls, however many shards
    /// there are, so every instance may do it when it starts.
    /// </summary>
    /// <param name="api">The service.</param>
    /// <param name="tableName">The table.</param>
    /// <param name="time">The clock for waiting while the service throttles.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>False when there is no such table, or it has no stream.</returns>
    /// <exception cref="StreamsException">As of
    /// <see cref="ReadAsync(IStreamsApi, string, TimeProvider, CancellationToken)"/>.</exception>
    public static async Task<bool> IsThereAsync(IStreamsApi api, string tableName, TimeProvider time, CancellationToken cancellationToken)
    {
        var streams = await api.ListStreamsAsync(tableName, cancellationToken);
        if (streams.Count == 0)
        {
            return false;
        }

        var newest = await DescribeAsync(api, streams[^1].StreamArn, after: null, time, cancellationToken);
        return newest.ViewType == RequiredViewType ? true : throw WrongViewType(tableName, newest.ViewType);
    }

    /// <summary>Lists.</summary>
    /// <param name="api">The service.</param>
    /// <param name="tableName">The table.</param>
    /// <param name="time">The clock for waiting while the service throttles.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The table's streams, oldest first; empty when it has none. Former streams of another view
    /// type are left out.</returns>
    /// <exception cref="StreamsException">The service failed; <see cref="StreamsFailure.Invalid"/> also when
    /// the newest stream has another view type.</exception>
    internal static Task<IReadOnlyList<ShardListing>> ReadAsync(IStreamsApi api, string tableName, TimeProvider time, CancellationToken cancellationToken) =>
        ReadAsync(api, tableName, time, pageRead: null, cancellationToken);

    /// <summary>
    /// Lists. When the service throttles, it waits and repeats the same page. A stream of more than a
    /// thousand shards has more pages than the ten that DescribeStream allows in a second.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/DescribeStream"/>
    /// </summary>
    internal static async Task<IReadOnlyList<ShardListing>> ReadAsync(
        IStreamsApi api, string tableName, TimeProvider time, Func<Task>? pageRead, CancellationToken cancellationToken)
    {
        var listings = new List<ShardListing>();
        var streams = await api.ListStreamsAsync(tableName, cancellationToken);
        foreach (var stream in streams)
        {
            if (await ReadStreamAsync(api, stream, time, pageRead, cancellationToken) is not var (listing, viewType))
            {
                continue;
            }

            if (viewType == RequiredViewType)
            {
                listings.Add(listing);
            }
            else if (stream == streams[^1])
            {
                throw WrongViewType(tableName, viewType);
            }
        }

        return listings;
    }

    /// <summary>Lists one stream. Null when the service does not know it.</summary>
    internal static async Task<(ShardListing Listing, string ViewType)?> ReadStreamAsync(
        IStreamsApi api, StreamSummary stream, TimeProvider time, Func<Task>? pageRead, CancellationToken cancellationToken)
    {
        var shards = new Dictionary<string, ShardDescription>(StringComparer.Ordinal);
        StreamDescription page;
        string? before, after = null;
        var pages = 0;
        do
        {
            if (++pages > PagesAtOnce)
            {
                await Task.Delay(BetweenPages, time, cancellationToken);
            }

            try
            {
                page = await DescribeAsync(api, stream.StreamArn, after, time, cancellationToken);
            }
            catch (StreamsException gone) when (gone.Failure == StreamsFailure.NotFound)
            {
                // It was deleted between the two calls; the next listing will not have it.
                return null;
            }

            foreach (var shard in page.Shards)
            {
                shards[shard.ShardId] = shard;
            }

            (before, after) = (after, page.LastShardId);
            if (after is not null && pageRead is not null)
            {
                await pageRead();
            }
        }
        while (after is not null && after != before);

        return (new ShardListing(stream.StreamArn, [.. shards.Values]) { Label = stream.StreamLabel, IsEnabled = page.Status is "ENABLED" or "ENABLING" }, page.ViewType);
    }

    private static StreamsException WrongViewType(string tableName, string viewType) =>
        new(StreamsFailure.Invalid, $"the stream of table {tableName} has view type {viewType}; it must be {RequiredViewType}");

    private static async Task<StreamDescription> DescribeAsync(IStreamsApi api, string streamArn, string? after, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var throttles = 1; ; throttles++)
        {
            try
            {
                return await api.DescribeStreamAsync(streamArn, after, childrenOf: null, cancellationToken);
            }
            catch (StreamsException failed) when (failed.Failure == StreamsFailure.Throttled && throttles < MostThrottles)
            {
                // Only one instance lists at a time, so no jitter is needed.
                await Task.Delay(PollingPolicy.Backoff(Waits, throttles, random: 1), time, cancellationToken);
            }
        }
    }
}
