namespace Orders.Bench.Simulation;

/// <summary>A shard of the simulated stream.</summary>
internal sealed class StreamShard(string shardId, StreamShard? parent)
{
    public string ShardId => shardId;

    public StreamShard? Parent => parent;

    public List<StreamShard> Children { get; } = [];

    /// <summary>Its records, in order: an item and its version.</summary>
    public List<(int Item, int Version)> Records { get; } = [];

    /// <summary>The items whose records are written here.</summary>
    public List<int> Items { get; } = [];

    public bool IsClosed { get; set; }

    /// <summary>The number of applied records.</summary>
    public int Applied { get; set; }

    /// <summary>The newest fencing token under which a batch was applied.</summary>
    public long AppliedUnder { get; set; }

    /// <summary>Called for every record, and at the end.</summary>
    public Action? Changed { get; set; }

    public void Announce() => Changed?.Invoke();
}
