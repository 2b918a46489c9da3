using DynamoStreams.Api;

namespace Orders.Tests.DynamoStreams.Scripted;

/// <summary>One instance's way to the service: counts what it asks.</summary>
internal sealed class CountingApi(IStreamsApi api) : IStreamsApi
{
    private int _listings;
    private int _reads;

    public int Listings => _listings;

    public int Reads => _reads;

    public Task<IReadOnlyList<StreamSummary>> ListStreamsAsync(string tableName, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _listings);
        return api.ListStreamsAsync(tableName, cancellationToken);
    }

    public Task<StreamDescription> DescribeStreamAsync(string streamArn, string? afterShardId, string? childrenOf, CancellationToken cancellationToken) =>
        api.DescribeStreamAsync(streamArn, afterShardId, childrenOf, cancellationToken);

    public Task<string> GetShardIteratorAsync(string streamArn, string shardId, string? afterSequenceNumber, CancellationToken cancellationToken) =>
        api.GetShardIteratorAsync(streamArn, shardId, afterSequenceNumber, cancellationToken);

    public Task<RecordPage> GetRecordsAsync(string shardIterator, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return api.GetRecordsAsync(shardIterator, cancellationToken);
    }
}
