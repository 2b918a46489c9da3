using DynamoStreams.Testing;


namespace Orders.Tests.DynamoStreams.Lineage;

/// <summary>
/// A table's streams living a random life: items written, shards rolled and split, streams replaced, shards
/// trimmed, listings that lack a shard or a stream for a moment. An item's records go to the shard that has
/// its key, and follow the shard into its children.
/// </summary>
internal sealed class SimulatedService(Random random, bool trims)
{
    private const int Items = 6;

    // Which shard each item's records go to now.
    private readonly ScriptedShard?[] _shardOf = new ScriptedShard?[Items];
    private readonly int[] _versions = new int[Items];
    private int _shards;

    public ScriptedStreams Streams { get; } = new() { ListingSize = 3 };

    public HashSet<string> Written { get; } = new(StringComparer.Ordinal);

    public HashSet<string> TrimmedBeforeTheStart { get; } = new(StringComparer.Ordinal);

    /// <summary>Records that a reader could still get.</summary>
    public IEnumerable<string> Readable => Streams.AllShards.Where(shard => !shard.Gone).SelectMany(shard => shard.Records.Skip(shard.TrimmedBefore)).Select(record => record.EventId);

    /// <summary>Opens the stream's first shards.</summary>
    public void Open()
    {
        var firsts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Streams.AddShard(NextId())).ToList();
        for (var item = 0; item < Items; item++)
        {
            _shardOf[item] = firsts[item % firsts.Count];
        }
    }

    public void Step()
    {
        switch (random.Next(trims ? 12 : 10))
        {
            case < 5:
                Write(random.Next(Items));
                break;
            case < 8:
                Roll(_shardOf[random.Next(Items)]!);
                break;
            case 8 when random.Next(4) == 0:
                Streams.Disable();
                Streams.AddStream();
                Open();
                break;
            case 8 or 9:
                Hide();
                break;
            default:
                Trim();
                break;
        }
    }

    /// <summary>Whether the changes of each item come in the order in which they were written.</summary>
    public static bool IsInOrder(IReadOnlyList<string> read) =>
        read.Select(record => record.Split('#')).GroupBy(parts => parts[0], parts => int.Parse(parts[1])).All(item => item.SequenceEqual(item.Order()));

    /// <summary>Trims without having been read: what any consumer misses that starts late.</summary>
    public void TrimBeforeTheStart()
    {
        foreach (var shard in Streams.AllShards.TakeWhile(shard => shard.Closed && random.Next(4) > 0))
        {
            TrimmedBeforeTheStart.UnionWith(shard.Records.Select(record => record.EventId));
            Streams.Trim(shard);
        }
    }

    private void Write(int item)
    {
        var id = $"item-{item}#{++_versions[item]}";
        Streams.Write(_shardOf[item]!, ScriptedStreams.Record((Written.Count + 1).ToString(), $"item-{item}") with { EventId = id });
        Written.Add(id);
    }

    private void Roll(ScriptedShard shard)
    {
        var children = Streams.Split(shard, [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => NextId())]);
        for (var item = 0; item < Items; item++)
        {
            if (_shardOf[item] == shard)
            {
                _shardOf[item] = children[item % children.Count];
            }
        }

        // What is new is listed a little later, parent and child in any order.
        foreach (var young in children.Append(shard))
        {
            young.HiddenListings = random.Next(3) == 0 ? random.Next(1, 3) : 0;
        }
    }

    private void Hide()
    {
        // For a moment means for a moment: what was hidden is listed a few times before it hides again.
        var shards = Streams.AllShards;
        var shard = shards[random.Next(shards.Count)];
        if (random.Next(4) == 0 && Streams.Current.HiddenListings < -2)
        {
            Streams.Current.HiddenListings = 1;
        }
        else if (shard.HiddenListings < -2)
        {
            shard.HiddenListings = 1;
        }
    }

    // The oldest first: a shard is never trimmed before its parent. And listed several times before, as 24
    // hours are long: once is not enough for a consumer to have written it down, since an answer that was
    // asked for children alone, or came while a parent was in doubt, does not count.
    private void Trim()
    {
        if (Streams.AllShards.FirstOrDefault(shard => !shard.Gone) is { Closed: true, HiddenListings: < -5 } oldest)
        {
            Streams.Trim(oldest);
        }
    }

    // Ids in no order that means anything.
    private string NextId() => $"shard-{random.Next(1000):000}-{++_shards}";
}
