namespace DynamoStreams.Api;

/// <summary>
/// The kinds of failures of the Streams API. Each kind needs its own reaction.
/// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/GetRecords"/>
/// </summary>
public enum StreamsFailure
{
    /// <summary>The service cannot be reached, or answered 5xx: retry with backoff.</summary>
    Unavailable,

    /// <summary>
    /// Too many calls, or more than two readers of a shard: retry with backoff.
    /// <see href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html"/>
    /// </summary>
    Throttled,

    /// <summary>
    /// The iterator is older than 15 minutes: get a new one after the last record read.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/GetShardIterator"/>
    /// </summary>
    ExpiredIterator,

    /// <summary>
    /// The records are older than 24 hours and were trimmed: record the gap, continue with the oldest that
    /// is left.
    /// <see href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html"/>
    /// </summary>
    TrimmedData,

    /// <summary>The stream, shard or table does not exist, or no longer.</summary>
    NotFound,

    /// <summary>The credentials are wrong, or may not read this stream.</summary>
    AccessDenied,

    /// <summary>
    /// The response lacks a required member: a fault of the service or of a proxy. It must not be read as
    /// "no records": retry with a new iterator.
    /// </summary>
    Malformed,

    /// <summary>The request was rejected as invalid: a fault in this program or in an emulator.</summary>
    Invalid,
}
