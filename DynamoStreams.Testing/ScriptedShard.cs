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

    /// <summary>The shard it came from; null for a first one.</summary>
    public string? ParentShardId { get; }

    /// <summary>What was written to it, trimmed or not.</summary>
    public IReadOnlyList<StreamRecord> Records => Written;

    internal List<StreamRecord> Written { get; } = [];

    /// <summary>Records before this index are older than 24 hours.</summary>
    public int TrimmedBefore { get; set; }

    /// <summary>No more records will come: the next iterator after the last is null.</summary>
    public bool Closed { get; set; }

    /// <summary>The service has forgotten the shard.</summary>
    public bool Gone { get; set; }

    /// <summary>Listings that will lack it although it is there.</summary>
    public int HiddenListings { get; set; }

    /// <summary>Empty pages that come before the next record.</summary>
    public int EmptyPages { get; set; }

    /// <summary>
    /// Empty pages that come before the end of a closed shard is told, anew for each iterator that is asked
    /// for.
    /// </summary>
    public int EmptyPagesAtEnd { get; set; }

    /// <summary>
    /// Pages whose next iterator is missing although the shard goes on, as DynamoDB Local has it when an
    /// iterator expires.
    /// </summary>
    public int NullIterators { get; set; }

    /// <summary>
    /// Times that records behind one that was read are said to be trimmed although they are there.
    /// </summary>
    public int FalseTrims { get; set; }

    /// <summary>Times that it is not found by name although it is there.</summary>
    public int FalseNotFounds { get; set; }

    /// <summary>Times that a page is answered once more instead of the next.</summary>
    public int RepeatedPages { get; set; }
}
