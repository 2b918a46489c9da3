namespace DynamoStreams.Api;

/// <summary>
/// The four operations of the DynamoDB Streams API. Every failure is a <see cref="StreamsException"/>, whose
/// <see cref="StreamsException.Failure"/> says what kind it is.
/// </summary>
public interface IStreamsApi
{
    /// <summary>
    /// The streams of a table, oldest first: the current one, and former ones that the service still lists.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/ListStreams"/>
    /// </summary>
    /// <param name="tableName">The table.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<StreamSummary>> ListStreamsAsync(string tableName, CancellationToken cancellationToken);

    /// <summary>
    /// One page (up to 100) of a stream's shards. The service allows 10 calls a second.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/DescribeStream"/>
    /// </summary>
    /// <param name="streamArn">The stream.</param>
    /// <param name="afterShardId">The last shard of the page before; null for the first page.</param>
    /// <param name="childrenOf">Only children of this shard (ShardFilter CHILD_SHARDS); null for all. A
    /// service that does not know the filter rejects or ignores it.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/ShardFilter"/></param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<StreamDescription> DescribeStreamAsync(string streamArn, string? afterShardId, string? childrenOf, CancellationToken cancellationToken);

    /// <summary>
    /// A shard iterator. It expires after 15 minutes.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/GetShardIterator"/>
    /// </summary>
    /// <param name="streamArn">The stream.</param>
    /// <param name="shardId">The shard.</param>
    /// <param name="afterSequenceNumber">Reading continues after this record (AFTER_SEQUENCE_NUMBER). Null:
    /// it begins with the oldest record of the shard (TRIM_HORIZON).</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<string> GetShardIteratorAsync(string streamArn, string shardId, string? afterSequenceNumber, CancellationToken cancellationToken);

    /// <summary>
    /// The next records: at most 1000 and at most 1 MB. A page may be empty although more records follow.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/GetRecords"/>
    /// </summary>
    /// <param name="shardIterator">From <see cref="GetShardIteratorAsync"/> or the page before.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A page. The caller disposes of it after it has used the records.</returns>
    Task<RecordPage> GetRecordsAsync(string shardIterator, CancellationToken cancellationToken);
}
