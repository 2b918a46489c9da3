using DynamoStreams.Api;

namespace Orders.Bench.Simulation;

/// <summary>
/// A table's stream with very many shards, with the service's limits on listing: 100 shards a page, and a
/// number of calls a second for all callers together.
/// </summary>
internal sealed class SimulatedStream(EventQueue queue)
{
    public const string TableName = "orders";
    public const string StreamArn = "arn:orders";

    // "You can call DescribeStream at a maximum rate of 10 times per second."
    public const int DescribeCallsInSecond = 10;
    public const int ShardsInPage = 100;
    private const int ItemsInShard = 2;

    // Sorted by id, because each is newer than the one before.
    private readonly List<StreamShard> _shards = [];
    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);
    private readonly Queue<TimeSpan> _describedAt = new();
    private readonly List<StreamShard> _shardOf = [];
    private readonly List<int> _written = [];

    public IReadOnlyList<StreamShard> Shards => _shards;

    public int Items => _written.Count;

    public long Described { get; private set; }

    public long Refused { get; private set; }

    public int WrittenOf(int item) => _written[item];

    public StreamShard Find(string shardId) => _shards[_indexes[shardId]];

    /// <summary>Adds a root shard with its own items.</summary>
    public void Open()
    {
        var shard = Add(parent: null);
        for (var i = 0; i < ItemsInShard; i++)
        {
            shard.Items.Add(_written.Count);
            _shardOf.Add(shard);
            _written.Add(0);
        }
    }

    /// <summary>Writes an item: appends a record to its shard.</summary>
    public void Write(int item)
    {
        var shard = _shardOf[item];
        shard.Records.Add((item, ++_written[item]));
        shard.Announce();
    }

    /// <summary>
    /// Closes a shard and opens its children: one child is a roll, two are a split. Its items continue in
    /// them.
    /// </summary>
    public void Split(StreamShard shard, int children)
    {
        for (var i = 0; i < children; i++)
        {
            shard.Children.Add(Add(shard));
        }

        for (var i = 0; i < shard.Items.Count; i++)
        {
            var child = shard.Children[i % children];
            child.Items.Add(shard.Items[i]);
            _shardOf[shard.Items[i]] = child;
        }

        shard.IsClosed = true;
        shard.Announce();
    }

    /// <exception cref="StreamsException">More calls within a second than allowed.</exception>
    public StreamDescription Describe(string? afterShardId, string? childrenOf)
    {
        while (_describedAt.TryPeek(out var at) && at <= queue.Now - TimeSpan.FromSeconds(1))
        {
            _describedAt.Dequeue();
        }

        if (_describedAt.Count >= DescribeCallsInSecond)
        {
            Refused++;
            throw new StreamsException(StreamsFailure.Throttled, "LimitExceededException: DescribeStream");
        }

        Described++;
        _describedAt.Enqueue(queue.Now);
        if (childrenOf is not null)
        {
            return Page([.. Find(childrenOf).Children], last: null);
        }

        var first = afterShardId is null ? 0 : _indexes[afterShardId] + 1;
        var page = _shards.GetRange(first, Math.Min(ShardsInPage, _shards.Count - first));
        return Page(page, first + page.Count < _shards.Count ? page[^1].ShardId : null);
    }

    private static StreamDescription Page(List<StreamShard> shards, string? last) =>
        new("ENABLED", "NEW_AND_OLD_IMAGES", [.. shards.Select(shard => new ShardDescription(shard.ShardId, shard.Parent?.ShardId))], last);

    private StreamShard Add(StreamShard? parent)
    {
        var shard = new StreamShard($"shard-{_shards.Count:000000}", parent);
        _indexes[shard.ShardId] = _shards.Count;
        _shards.Add(shard);
        return shard;
    }
}
