namespace Orders.Bench.Simulation;

/// <summary>The writes to the table, and the splits and rolls of its shards.</summary>
internal sealed class SimulatedTraffic(SimulatedWorld world, Random random)
{
    // The average seconds between writes to a shard: at any moment most of the ten thousand are idle.
    private const double SecondsBetweenWrites = 40;

    // Users report a roll about every four hours. Six times as many rolls would make the run six times as
    // long, and show nothing more: most shards are split at once.
    private const double SecondsBetweenRolls = 24 * 3600;

    private readonly int _shards = world.Stream.Shards.Count;
    private bool _isOver;

    public void Begin()
    {
        Repeat(SecondsBetweenWrites, () => world.Stream.Write(random.Next(world.Stream.Items)));
        Repeat(SecondsBetweenRolls, () => Split(children: 1));
    }

    public void End() => _isOver = true;

    /// <summary>Splits a number of shards in two.</summary>
    public void Split(int count, TimeSpan within)
    {
        for (var i = 0; i < count; i++)
        {
            world.Queue.At(world.Queue.Now + (within * random.NextDouble()), () => Split(children: 2));
        }
    }

    /// <summary>Whether the store knows every shard of the stream.</summary>
    public bool AreShardsFound() => world.Stream.Shards.Count == world.Store.Known;

    private void Split(int children)
    {
        var shard = world.Stream.Shards[random.Next(world.Stream.Shards.Count)];
        while (shard.IsClosed)
        {
            shard = shard.Children[random.Next(shard.Children.Count)];
        }

        world.Stream.Split(shard, children);
    }

    private void Repeat(double secondsForShard, Action effect) => world.Queue.At(world.Queue.Now + TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) * secondsForShard / _shards), () =>
    {
        if (_isOver)
        {
            return;
        }

        effect();
        Repeat(secondsForShard, effect);
    });
}
