using DynamoStreams.Lineage;

namespace Orders.Bench.Simulation;

/// <summary>
/// The instances that run in parallel, their failures, and how long their shards are without an owner.
/// </summary>
internal sealed class SimulatedCluster
{
    private readonly SimulatedWorld _world;
    private readonly Random _random;
    private readonly List<SimulatedInstance> _live = [];
    private readonly List<SimulatedInstance> _all = [];
    private readonly Dictionary<ShardKey, (TimeSpan Since, List<TimeSpan> Times)> _without = [];

    public SimulatedCluster(SimulatedWorld world, Random random)
    {
        (_world, _random) = (world, random);
        world.Store.Acquired += key =>
        {
            if (_without.Remove(key, out var entry))
            {
                entry.Times.Add(world.Queue.Now - entry.Since);
            }
        };
    }

    public int Count => _live.Count;

    /// <summary>Polls of all shards by all instances so far.</summary>
    public long Polls => _all.Sum(instance => instance.Polls());

    /// <summary>Times from an instance's stop until another one has its shard.</summary>
    public List<TimeSpan> HandOvers { get; } = [];

    /// <summary>Times from an instance's death or freeze until another one has its shard.</summary>
    public List<TimeSpan> TakeOvers { get; } = [];

    /// <summary>Starts an instance after a short time.</summary>
    public void Join()
    {
        var instance = new SimulatedInstance(_world, $"i-{_all.Count:0000}", _random.Next());
        _all.Add(instance);
        _live.Add(instance);
        _world.Queue.At(_world.Queue.Now + TimeSpan.FromSeconds(_random.NextDouble()), instance.Start);
    }

    /// <summary>Asks an instance to stop.</summary>
    public void Stop()
    {
        var instance = Remove(HandOvers);
        _world.Queue.Start(instance.StopAsync);
    }

    /// <summary>
    /// Kills an instance. If only its process dies, its connections are closed; if the whole machine dies,
    /// they are not.
    /// </summary>
    public void Kill()
    {
        var instance = Remove(TakeOvers);
        instance.Machine.Kill();
        if (_random.Next(2) == 0)
        {
            foreach (var transaction in instance.Transactions.ToList())
            {
                _world.Store.RollBack(transaction);
            }
        }
    }

    /// <summary>
    /// Freezes an instance for so long that it is replaced; then it continues with its unfinished work.
    /// </summary>
    public void Freeze(TimeSpan duration)
    {
        var instance = Remove(TakeOvers);
        instance.Machine.Freeze();
        _world.Queue.At(_world.Queue.Now + duration, () =>
        {
            _live.Add(instance);
            instance.Machine.Thaw();
        });
    }

    /// <summary>
    /// The fewest and the most shards of a live instance; null while any shard has no owner.
    /// </summary>
    public (int Least, int Most)? Balance()
    {
        var held = _world.Store.Held();
        var live = _live.Select(instance => held.GetValueOrDefault(instance.Name)).ToList();
        return live.Sum() == held.Values.Sum() ? (live.Min(), live.Max()) : null;
    }

    public bool IsBalanced() => Balance() is var (least, most) && most - least <= 1;

    /// <summary>The number of shards whose owner is gone and that no instance has taken over.</summary>
    public int Abandoned() => _without.Keys.Count(_world.Store.IsUnfinished);

    private SimulatedInstance Remove(List<TimeSpan> times)
    {
        var instance = _live[_random.Next(_live.Count)];
        _live.Remove(instance);
        foreach (var key in _world.Store.OwnedBy(instance.Name))
        {
            _without.TryAdd(key, (_world.Queue.Now, times));
        }

        return instance;
    }
}
