using DynamoStreams.Api;
using DynamoStreams.Lineage;

namespace DynamoStreams.Reading;

/// <summary>Reads a few pages of a shard, independently of its reader.</summary>
internal static class ShardPages
{
    /// <summary>
    /// An empty page is not the end of a shard. This many are read before the shard counts as empty.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/GetRecords"/>
    /// </summary>
    private const int Pages = 5;

    /// <summary>Finds the first record that matches.</summary>
    /// <param name="api">The service.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="after">The record after which to search; null to search from the oldest.</param>
    /// <param name="isWanted">Which record to find.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The record's sequence number, null when the first pages have none; and whether the shard
    /// continues after the last page read.</returns>
    /// <exception cref="StreamsException">A call failed.</exception>
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
