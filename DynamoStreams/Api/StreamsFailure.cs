namespace DynamoStreams.Api;

/// <summary>What kind of failure the Streams API answered with; each kind has one right reaction.</summary>
public enum StreamsFailure
{
    /// <summary>The service cannot be reached or answered 5xx: try again.</summary>
    Unavailable,

    /// <summary>Too many calls, or too many readers of a shard: back off, try again.</summary>
    Throttled,

    /// <summary>
    /// The iterator is older than 15 minutes: get another after the last record that was read.
    /// </summary>
    ExpiredIterator,

    /// <summary>
    /// The records asked for are older than 24 hours and gone: note the gap, go on with the oldest there is.
    /// </summary>
    TrimmedData,

    /// <summary>There is no such stream, shard or table (any more).</summary>
    NotFound,

    /// <summary>The credentials are wrong, or may not read this stream.</summary>
    AccessDenied,

    /// <summary>
    /// The answer lacks what every answer of its operation has: a fault of the service, or of something
    /// between. It says nothing, least of all that there is nothing: try again, with a fresh iterator.
    /// </summary>
    Malformed,

    /// <summary>The request was not understood: a fault in this program or in an emulator.</summary>
    Invalid,
}
