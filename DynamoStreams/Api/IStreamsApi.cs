namespace DynamoStreams.Api;

/// <summary>
/// The four operations of the DynamoDB Streams API. Every failure is a <see cref="StreamsException"/> that
/// says what kind it is.
/// </summary>
public interface IStreamsApi
{
    /// <summary>
    /// The streams of a table, oldest first: the current one and those of before that are not yet gone.
    /// </summary>
    /// <param name="tableName">The table.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<StreamSummary>> ListStreamsAsync(string tableName, CancellationToken cancellationToken);

    /// <summary>One page (up to 100) of a stream's shards.</summary>
    /// <param name="streamArn">The stream.</param>
    /// <param name="afterShardId">The last shard of the page before; null for the first page.</param>
    /// <param name="childrenOf">Only children of this shard (ShardFilter CHILD_SHARDS); null for all. A
    /// service that does not know the filter refuses it or ignores it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<StreamDescription> DescribeStreamAsync(string streamArn, string? afterShardId, string? childrenOf, CancellationToken cancellationToken);

    /// <summary>An iterator: good for 15 minutes.</summary>
    /// <param name="streamArn">The stream.</param>
    /// <param name="shardId">The shard.</param>
    /// <param name="afterSequenceNumber">Where to go on; null for the oldest record there is
    /// (TRIM_HORIZON).</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<string> GetShardIteratorAsync(string streamArn, string shardId, string? afterSequenceNumber, CancellationToken cancellationToken);

    /// <summary>
    /// The next records: at most 1000 and at most 1 MB; possibly none although more are to come.
    /// </summary>
    /// <param name="shardIterator">From <see cref="GetShardIteratorAsync"/> or the page before.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A page that the caller disposes when it is done with its records.</returns>
    Task<RecordPage> GetRecordsAsync(string shardIterator, CancellationToken cancellationToken);
}
