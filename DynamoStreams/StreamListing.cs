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
    /// <returns>The table's streams, oldest first; empty when it has none.</returns>
    /// <exception cref="StreamsException">The service refused; <see cref="StreamsFailure.Invalid"/> also for a stream of another view type.</exception>
    public static async Task<IReadOnlyList<ShardListing>> ReadAsync(IStreamsApi api, string tableName, CancellationToken cancellationToken)
    {
        var listings = new List<ShardListing>();
        foreach (var stream in await api.ListStreamsAsync(tableName, cancellationToken))
        {
            var shards = new List<ShardDescription>();
            string? after = null;
            do
            {
                StreamDescription page;
                try
                {
                    page = await api.DescribeStreamAsync(stream.StreamArn, after, cancellationToken);
                }
                catch (StreamsException gone) when (gone.Failure == StreamsFailure.NotFound)
                {
                    // It went between the two calls; the next listing will not have it.
                    shards = null;
                    break;
                }

                if (page.ViewType != RequiredViewType)
                {
                    throw new StreamsException(
                        StreamsFailure.Invalid,
                        $"the stream of table {tableName} has view type {page.ViewType}; it must be {RequiredViewType}");
                }

                shards.AddRange(page.Shards);
                after = page.LastShardId;
            }
            while (after is not null);

            if (shards is not null)
            {
                listings.Add(new ShardListing(stream.StreamArn, shards));
            }
        }

        return listings;
    }
}
