namespace Orders.Bench.Simulation;

/// <summary>
/// What must never happen, watched at every step apart from the store: that a store is wrong must not hide
/// it.
/// </summary>
internal sealed class Promises(SimulatedStream stream)
{
    private const int MostKept = 20;
    private readonly int[] _applied = new int[stream.Items];
    private readonly List<string> _broken = [];

    public IReadOnlyList<string> Broken => _broken;

    public long Records { get; private set; }

    /// <summary>A shard begins to be read: its parents must be read to their ends.</summary>
    public void Begins(StreamShard shard)
    {
        for (var parent = shard.Parent; parent is not null; parent = parent.Parent)
        {
            if (!parent.IsClosed || parent.Applied < parent.Records.Count)
            {
                Break($"{shard.ShardId} is read before its parent {parent.ShardId} is read to its end");
            }
        }
    }

    /// <summary>
    /// A batch is committed: nobody may have committed under a newer lease, and each item's versions come
    /// one after another.
    /// </summary>
    public void Commits(StreamShard shard, long fencingToken, int from, int count)
    {
        if (fencingToken < shard.AppliedUnder)
        {
            Break($"{shard.ShardId}: committed under fencing token {fencingToken} after {shard.AppliedUnder}");
        }

        shard.AppliedUnder = fencingToken;
        shard.Applied = from + count;
        Records += count;
        foreach (var (item, version) in shard.Records.GetRange(from, count))
        {
            if (version != _applied[item] + 1)
            {
                Break($"{shard.ShardId}: version {version} of item {item} is applied after version {_applied[item]}");
            }

            _applied[item] = version;
        }
    }

    /// <summary>Records that are written and not applied.</summary>
    public long Missing() => Enumerable.Range(0, _applied.Length).Sum(item => (long)stream.WrittenOf(item) - _applied[item]);

    private void Break(string what)
    {
        if (_broken.Count < MostKept)
        {
            _broken.Add(what);
        }
    }
}
