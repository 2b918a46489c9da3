using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Lineage;

namespace DynamoStreams.Reading;

/// <summary>The Streams API as the reader of one shard uses it: notes since when reading fails. What is not read is not known to be current.</summary>
internal sealed class WatchedReads(IStreamsApi api, ShardKey shard, ConsumerProgress progress, TimeProvider time) : IStreamsApi
{
    public Task<IReadOnlyList<StreamSummary>> ListStreamsAsync(string tableName, CancellationToken cancellationToken) => api.ListStreamsAsync(tableName, cancellationToken);

    public Task<StreamDescription> DescribeStreamAsync(string streamArn, string? afterShardId, string? childrenOf, CancellationToken cancellationToken) =>
        api.DescribeStreamAsync(streamArn, afterShardId, childrenOf, cancellationToken);

    public async Task<string> GetShardIteratorAsync(string streamArn, string shardId, string? afterSequenceNumber, CancellationToken cancellationToken)
    {
        try
        {
            return await api.GetShardIteratorAsync(streamArn, shardId, afterSequenceNumber, cancellationToken);
        }
        catch (StreamsException)
        {
            progress.ReadFailed(shard, time.GetUtcNow());
            throw;
        }
    }

    public async Task<RecordPage> GetRecordsAsync(string shardIterator, CancellationToken cancellationToken)
    {
        try
        {
            var page = await api.GetRecordsAsync(shardIterator, cancellationToken);
            progress.ReadSucceeded(shard);
            return page;
        }
        catch (StreamsException)
        {
            progress.ReadFailed(shard, time.GetUtcNow());
            throw;
        }
    }
}
