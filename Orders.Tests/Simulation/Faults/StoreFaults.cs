namespace Orders.Tests.Simulation.Faults;

/// <summary>What goes wrong with the stores themselves: the stream, Postgres, Redis.</summary>
internal sealed class StoreFaults(World world)
{
    /// <summary>Each kind with its name. What is more likely is there twice.</summary>
    public IReadOnlyList<(string Name, Action Begin)> All =>
    [
        ("lies", Lies), ("split", Split), ("split", Split), ("iterators", ExpireIterators),
        ("postgres away", PostgresAway), ("postgres frozen", PostgresFrozen), ("fail-over", FailOver),
        ("redis away", RedisAway), ("redis frozen", RedisFrozen), ("redis restarts", RedisRestarts), ("redis full", RedisFull), ("scripts refused", RefuseScripts),
        ("flush", Flush), ("evictions", Evict), ("evictions", Evict),
    ];

    /// <summary>All of it is mended.</summary>
    public void Lift()
    {
        world.Stream.Lies.AreTold = false;
        (world.Postgres.IsDown, world.Postgres.IsReadOnly) = (false, false);
        world.Postgres.Thaw();
        (world.Redis.IsDown, world.Redis.IsFull, world.Redis.RefusesScripts) = (false, false, false);
        world.Redis.Thaw();
    }

    private void Lies()
    {
        Tell("the stream lies");
        var lies = world.Stream.Lies;
        (lies.AreTold, lies.Rate) = (true, world.Between(0.05, 1).TotalSeconds);
        world.After(world.Between(1, 10), () => lies.AreTold = false);
    }

    private void Split()
    {
        var open = world.Stream.Open;
        if (world.Stream.Shards.Count < 40)
        {
            world.Stream.Split(world.OneOf(open), open.Count < 6 ? world.Random.Next(1, 3) : 1);
        }
    }

    private void ExpireIterators()
    {
        Tell("iterators expire");
        world.Stream.IteratorsExpiredAt = world.Now;
    }

    private void PostgresAway()
    {
        Tell("Postgres is away");
        world.Postgres.IsDown = true;
        world.Postgres.Restart();
        world.After(world.Between(0.2, 8), () => world.Postgres.IsDown = false);
    }

    private void PostgresFrozen()
    {
        Tell("Postgres is frozen");
        world.Postgres.Freeze();
        world.After(world.Between(0.2, 8), world.Postgres.Thaw);
    }

    private void FailOver()
    {
        Tell("Postgres fails over, and may only be read for a while");
        world.Postgres.Restart();
        world.Postgres.IsReadOnly = true;
        world.After(world.Between(0.5, 6), () => world.Postgres.IsReadOnly = false);
    }

    private void RedisAway()
    {
        Tell("Redis is away");
        world.Redis.IsDown = true;
        world.Redis.Restart(keepsSaved: world.Chance(0.7));
        world.After(world.Between(0.2, 8), () => world.Redis.IsDown = false);
    }

    private void RedisFrozen()
    {
        Tell("Redis is frozen");
        world.Redis.Freeze();
        world.After(world.Between(0.2, 12), world.Redis.Thaw);
    }

    private void RedisRestarts()
    {
        Tell("Redis restarts");
        world.Redis.Restart(keepsSaved: world.Chance(0.7));
    }

    private void RedisFull()
    {
        Tell("Redis is full");
        world.Redis.IsFull = true;
        world.After(world.Between(0.2, 8), () => world.Redis.IsFull = false);
    }

    private void RefuseScripts()
    {
        Tell("Redis refuses scripts");
        world.Redis.RefusesScripts = true;
        world.After(world.Between(0.2, 8), () => world.Redis.RefusesScripts = false);
    }

    private void Flush()
    {
        Tell("Redis is flushed");
        world.Redis.Flush();
    }

    private void Evict()
    {
        if (world.Redis.Orders is { Count: > 0 } orders)
        {
            world.Redis.Evict(world.OneOf(orders));
        }
    }

    private void Tell(string what) => world.Log.Add("faults", what);
}
