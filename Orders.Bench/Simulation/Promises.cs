namespace Orders.Bench.Simulation;

/// <summary>
/// The invariants, checked at every step independently of the store, so that an error of the store cannot
/// hide a violation.
/// </summary>
internal sealed class Promises(SimulatedStream stream)
{
    private const int MostKept = 20;
    private readonly int[] _applied = new int[stream.Items];
    private readonly List<string> _broken = [];

    public IReadOnlyList<string> Broken => _broken;

    public long Records { get; private set; }

    /// <summary>The reading of a shard begins: its parents must have been read to their ends.</summary>
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
    /// A batch is committed: no instance may have committed under a newer lease, and the versions of each
    /// item must follow one another.
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

    /// <summary>The number of records that were written but not applied.</summary>
    public long Missing() => Enumerable.Range(0, _applied.Length).Sum(item => (long)stream.WrittenOf(item) - _applied[item]);

    private void Break(string what)
    {
        if (_broken.Count < MostKept)
        {
            _broken.Add(what);
        }
    }
}
