using System.Numerics;
using System.Text;
using Orders.Tests.Simulation.Machinery;

namespace Orders.Tests.Simulation.Table;

/// <summary>
/// The table's stream as its service tells of it, byte for byte: pages, iterators, listings. It may also
/// lie, for a while.
/// </summary>
internal sealed class StreamService(World world) : SimulatedServer("stream")
{
    public const string Arn = "arn:aws:dynamodb:eu-west-1:1:table/orders/stream/2026-01-01";

    /// <summary>
    /// How long closed shards are remembered: shorter than the service's day, and longer than anybody is
    /// away here.
    /// </summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan IteratorLife = TimeSpan.FromMinutes(15);
    private readonly List<TableShard> _shards = [];

    /// <summary>Its lies.</summary>
    public StreamLies Lies { get; } = new(world);

    public IReadOnlyList<TableShard> Shards => _shards;

    public IReadOnlyList<TableShard> Open => [.. _shards.Where(shard => !shard.IsClosed)];

    /// <summary>Iterators from before then are no good.</summary>
    public TimeSpan IteratorsExpiredAt { get; set; } = TimeSpan.MinValue;

    public TableShard Find(string shardId) => _shards.Find(shard => shard.ShardId == shardId) ?? throw new InvalidOperationException($"no shard {shardId}");

    public void OpenFirst(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Add(null);
        }
    }

    /// <summary>Where an item's records go now.</summary>
    public TableShard ShardOf(Guid orderId)
    {
        var hash = orderId.ToByteArray()[15];
        var roots = _shards.FindAll(shard => shard.Parent is null);
        var shard = roots[hash % roots.Count];
        for (var depth = roots.Count; shard.IsClosed; depth *= 2)
        {
            shard = shard.Children[hash / depth % shard.Children.Count];
        }

        return shard;
    }

    public void Split(TableShard shard, int children)
    {
        shard.Close();
        for (var i = 0; i < children; i++)
        {
            shard.Children.Add(Add(shard));
        }

        world.Log.Add(Name, $"{shard.ShardId} closes, {children} follow");
    }

    public StreamAnswer ListStreams() => Lies.OfListing() ?? StreamAnswer.Of($$$"""{"Streams":[{"StreamArn":"{{{Arn}}}","StreamLabel":"2026-01-01","TableName":"orders"}]}""");

    public StreamAnswer Describe(string? childrenOf)
    {
        if (Lies.OfListing() is { } lie)
        {
            return lie;
        }

        var json = new StringBuilder($$$"""{"StreamDescription":{"StreamArn":"{{{Arn}}}","StreamStatus":"ENABLED","StreamViewType":"NEW_AND_OLD_IMAGES","Shards":[""");
        var listed = _shards.Where(shard => !shard.IsGone && (childrenOf is null || shard.Parent?.ShardId == childrenOf) && !Lies.Hides(shard)).Select(Describe);
        return StreamAnswer.Of(json.AppendJoin(',', listed).Append("]}}").ToString());
    }

    public StreamAnswer GetIterator(string shardId, string? after)
    {
        if (Known(shardId) is not { } shard)
        {
            return StreamAnswer.Error("ResourceNotFoundException");
        }

        var index = shard.IndexAfter(after is null ? null : BigInteger.Parse(after));
        return Lies.OfIterator(shard) ?? StreamAnswer.Of($$$"""{"ShardIterator":"{{{Iterator(shard, index)}}}"}""");
    }

    public StreamAnswer GetRecords(string iterator)
    {
        var parts = iterator.Split('|');
        if (Known(parts[0]) is not { } shard)
        {
            return StreamAnswer.Error("ResourceNotFoundException");
        }

        var issued = TimeSpan.FromTicks(long.Parse(parts[2]));
        if (issued < world.Now - IteratorLife || issued < IteratorsExpiredAt)
        {
            return StreamAnswer.Error("ExpiredIteratorException");
        }

        if (Lies.OfRecords(shard) is { } lie)
        {
            return lie;
        }

        var index = int.Parse(parts[1]);
        var count = world.IsCalm || !world.Chance(0.05) ? Math.Min(world.Random.Next(1, 40), shard.Records.Count - index) : 0;
        var end = index + count;
        if (count > 0)
        {
            Lies.Brought(shard);
        }

        var isEnd = shard.IsClosed && end == shard.Records.Count && (world.IsCalm || !world.Chance(0.3));
        return StreamAnswer.Page(shard.Records.Skip(index).Take(count).Select(record => record.Json), isEnd ? null : Iterator(shard, end));
    }

    private static string Describe(TableShard shard)
    {
        var parent = shard.Parent is null ? "" : $",\"ParentShardId\":\"{shard.Parent.ShardId}\"";
        var end = shard is { IsClosed: true, Records: [.., var last] } ? $",\"EndingSequenceNumber\":\"{last.Sequence}\"" : "";
        return $$$"""{"ShardId":"{{{shard.ShardId}}}"{{{parent}}},"SequenceNumberRange":{"StartingSequenceNumber":"1"{{{end}}}}}""";
    }

    private string Iterator(TableShard shard, int index) => $"{shard.ShardId}|{index}|{world.Now.Ticks}";

    private TableShard? Known(string shardId) => _shards.Find(shard => shard.ShardId == shardId && !shard.IsGone);

    private TableShard Add(TableShard? parent)
    {
        var shard = new TableShard(world, $"shardId-{_shards.Count:00000000}", parent);
        _shards.Add(shard);
        return shard;
    }
}
