using DynamoStreams.Api;
using DynamoStreams.Lineage;
using DynamoStreams.Progress;

namespace DynamoStreams.Reading;

/// <summary>
/// The Streams API as the reader of one shard uses it: records since when reads have failed or hung. A shard
/// that cannot be read is not known to be current.
/// </summary>
internal sealed class WatchedReads(IStreamsApi api, ShardKey shard, ConsumerProgress progress, TimeProvider time) : IStreamsApi
{
    public Task<IReadOnlyList<StreamSummary>> ListStreamsAsync(string tableName, CancellationToken cancellationToken) => api.ListStreamsAsync(tableName, cancellationToken);

    public Task<StreamDescription> DescribeStreamAsync(string streamArn, string? afterShardId, string? childrenOf, CancellationToken cancellationToken) =>
        api.DescribeStreamAsync(streamArn, afterShardId, childrenOf, cancellationToken);

    public Task<string> GetShardIteratorAsync(string streamArn, string shardId, string? afterSequenceNumber, CancellationToken cancellationToken) =>
        WatchAsync(() => api.GetShardIteratorAsync(streamArn, shardId, afterSequenceNumber, cancellationToken));

    public async Task<RecordPage> GetRecordsAsync(string shardIterator, CancellationToken cancellationToken)
    {
        var page = await WatchAsync(() => api.GetRecordsAsync(shardIterator, cancellationToken));
        progress.ReadSucceeded(shard);
        return page;
    }

    private async Task<T> WatchAsync<T>(Func<Task<T>> call)
    {
        var began = time.GetUtcNow();
        progress.ReadBegan(shard, began);
        try
        {
            return await call();
        }
        catch (StreamsException)
        {
            progress.ReadFailed(shard, began);
            throw;
        }
        finally
        {
            progress.ReadEnded(shard);
        }
    }
}
