using DynamoStreams.Api;
using DynamoStreams.Lineage;

namespace DynamoStreams;

/// <summary>Lists a table's streams with all their shards, page after page.</summary>
public static class StreamListing
{
    /// <summary>The only view type from which old and new can be told apart, deletions carried and history kept.</summary>
    public const string RequiredViewType = "NEW_AND_OLD_IMAGES";

    /// <summary>Lists.</summary>
    /// <param name="api">The service.</param>
    /// <param name="tableName">The table.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The table's streams, oldest first; empty when it has none. Former streams of another view type are left out.</returns>
    /// <exception cref="StreamsException">The service refused; <see cref="StreamsFailure.Invalid"/> also when the newest stream is of another view type.</exception>
    public static async Task<IReadOnlyList<ShardListing>> ReadAsync(IStreamsApi api, string tableName, CancellationToken cancellationToken)
    {
        var listings = new List<ShardListing>();
        var streams = await api.ListStreamsAsync(tableName, cancellationToken);
        foreach (var stream in streams)
        {
            if (await ReadAsync(api, stream, cancellationToken) is not var (listing, viewType))
            {
                continue;
            }

            if (viewType == RequiredViewType)
            {
                listings.Add(listing);
            }
            else if (stream == streams[^1])
            {
                throw new StreamsException(StreamsFailure.Invalid, $"the stream of table {tableName} has view type {viewType}; it must be {RequiredViewType}");
            }
        }

        return listings;
    }

    private static async Task<(ShardListing Listing, string ViewType)?> ReadAsync(IStreamsApi api, StreamSummary stream, CancellationToken cancellationToken)
    {
        var shards = new Dictionary<string, ShardDescription>(StringComparer.Ordinal);
        StreamDescription page;
        string? before, after = null;
        do
        {
            try
            {
                page = await api.DescribeStreamAsync(stream.StreamArn, after, childrenOf: null, cancellationToken);
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
        }
        while (after is not null && after != before);

        return (new ShardListing(stream.StreamArn, [.. shards.Values]) { Label = stream.StreamLabel, IsEnabled = page.Status is "ENABLED" or "ENABLING" }, page.ViewType);
    }
}
