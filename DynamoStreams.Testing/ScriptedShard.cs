using DynamoStreams.Api;

namespace DynamoStreams.Testing;

/// <summary>A shard of the scripted stream.</summary>
public sealed class ScriptedShard
{
    internal ScriptedShard(string streamArn, string shardId, string? parentShardId) => (StreamArn, ShardId, ParentShardId) = (streamArn, shardId, parentShardId);

    /// <summary>Its stream.</summary>
    public string StreamArn { get; }

    /// <summary>Its id, unique within the stream.</summary>
    public string ShardId { get; }

    /// <summary>The shard from which it was split; null for a first one.</summary>
    public string? ParentShardId { get; }

    /// <summary>All records written to it, trimmed or not.</summary>
    public IReadOnlyList<StreamRecord> Records => Written;

    internal List<StreamRecord> Written { get; } = [];

    /// <summary>
    /// Records before this index are trimmed: older than 24 hours.
    /// <see href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html"/>
    /// </summary>
    public int TrimmedBefore { get; set; }

    /// <summary>
    /// No more records will come: the last page has no next iterator.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/GetRecords"/>
    /// </summary>
    public bool Closed { get; set; }

    /// <summary>The shard no longer exists.</summary>
    public bool Gone { get; set; }

    /// <summary>The number of listings that omit it although it exists.</summary>
    public int HiddenListings { get; set; }

    /// <summary>The number of empty pages before the next record.</summary>
    public int EmptyPages { get; set; }

    /// <summary>The number of empty pages before the end of a closed shard, for each new iterator.</summary>
    public int EmptyPagesAtEnd { get; set; }

    /// <summary>
    /// The number of pages without a next iterator although the shard is open. DynamoDB Local does this when
    /// an iterator expires.
    /// </summary>
    public int NullIterators { get; set; }

    /// <summary>The number of false answers that records after the last one read are trimmed.</summary>
    public int FalseTrims { get; set; }

    /// <summary>The number of false answers that it does not exist.</summary>
    public int FalseNotFounds { get; set; }

    /// <summary>The number of pages that are returned a second time instead of the next one.</summary>
    public int RepeatedPages { get; set; }
}
