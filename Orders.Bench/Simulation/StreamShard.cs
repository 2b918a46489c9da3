namespace Orders.Bench.Simulation;

/// <summary>A shard of the simulated stream.</summary>
internal sealed class StreamShard(string shardId, StreamShard? parent)
{
    public string ShardId => shardId;

    public StreamShard? Parent => parent;

    public List<StreamShard> Children { get; } = [];

    /// <summary>Its records, in order: an item and its version.</summary>
    public List<(int Item, int Version)> Records { get; } = [];

    /// <summary>The items whose records go here.</summary>
    public List<int> Items { get; } = [];

    public bool IsClosed { get; set; }

    /// <summary>How many of its records are applied.</summary>
    public int Applied { get; set; }

    /// <summary>The newest fencing token that something was applied under.</summary>
    public long AppliedUnder { get; set; }

    /// <summary>Hears of every record, and of the end.</summary>
    public Action? Changed { get; set; }

    public void Announce() => Changed?.Invoke();
}
