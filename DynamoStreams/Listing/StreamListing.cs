using DynamoStreams.Api;
using DynamoStreams.Lineage;
using DynamoStreams.Scheduling;

namespace DynamoStreams.Listing;

/// <summary>Lists a table's streams with all their shards, page after page.</summary>
public static class StreamListing
{
    /// <summary>
    /// The only view type from which old and new can be told apart, deletions carried and history kept.
    /// </summary>
    public const string RequiredViewType = "NEW_AND_OLD_IMAGES";

    // A listing of many pages leaves room for others' calls within the ten a second: for those that ask for
    // a shard's children at its end.
    private const int PagesAtOnce = 4;
    private static readonly TimeSpan BetweenPages = TimeSpan.FromMilliseconds(125);

    // Of one page: longer than any burst of calls from elsewhere lasts.
    private const int MostThrottles = 20;

    private static readonly PollingOptions Waits = new();

    /// <summary>
    /// Looks whether a table has a stream that can be followed. Two calls, however many shards it has: every
    /// instance may do it when it starts.
    /// </summary>
    /// <param name="api">The service.</param>
    /// <param name="tableName">The table.</param>
    /// <param name="time">By which it waits when the service allows no more calls for a moment.</param>
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
    /// <param name="time">By which it waits when the service allows no more calls for a moment.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The table's streams, oldest first; empty when it has none. Former streams of another view
    /// type are left out.</returns>
    /// <exception cref="StreamsException">The service refused; <see cref="StreamsFailure.Invalid"/> also
    /// when the newest stream is of another view type.</exception>
    internal static Task<IReadOnlyList<ShardListing>> ReadAsync(IStreamsApi api, string tableName, TimeProvider time, CancellationToken cancellationToken) =>
        ReadAsync(api, tableName, time, pageRead: null, cancellationToken);

    /// <summary>
    /// Lists. Where the service allows no more calls for a moment it waits and goes on with the same page: a
    /// stream of more than a thousand shards has more pages than DescribeStream may be called in a second.
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
                // It went between the two calls; the next listing will not have it.
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
                // One lister at a time: there is nobody to be kept apart from by chance.
                await Task.Delay(PollingPolicy.Backoff(Waits, throttles, random: 1), time, cancellationToken);
            }
        }
    }
}
