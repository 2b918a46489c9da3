using DynamoStreams.Api;
using DynamoStreams.Lineage;

namespace DynamoStreams.Reading;

/// <summary>Short looks into a shard, beside its reader.</summary>
internal static class ShardPages
{
    /// <summary>An empty page is not the end: so many are read before there counts as nothing.</summary>
    private const int Pages = 5;

    /// <summary>Finds the first record that is wanted.</summary>
    /// <param name="api">The service.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="after">The record after which to look; null for the oldest there is.</param>
    /// <param name="isWanted">Which record to find.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The record's sequence number, null when the first pages have none; and whether the shard
    /// goes on behind the last page read.</returns>
    /// <exception cref="StreamsException">The service refused.</exception>
    public static async Task<(string? SequenceNumber, bool IsOpen)> FindAsync(
        IStreamsApi api, ShardKey shard, string? after, Func<StreamRecord, bool> isWanted, CancellationToken cancellationToken)
    {
        var iterator = await api.GetShardIteratorAsync(shard.StreamArn, shard.ShardId, after, cancellationToken);
        for (var pages = 0; iterator is not null && pages < Pages; pages++)
        {
            using var page = await api.GetRecordsAsync(iterator, cancellationToken);
            iterator = page.NextShardIterator;
            if (page.Records.FirstOrDefault(isWanted) is { } found)
            {
                return (found.SequenceNumber, iterator is not null);
            }
        }

        return (null, iterator is not null);
    }
}
