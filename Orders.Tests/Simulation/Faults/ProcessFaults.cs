using Orders.Tests.Simulation.Machinery;
using Orders.Tests.Simulation.Query;
using Orders.Tests.Simulation.Sync;
using Orders.Tests.Simulation.Writers;

namespace Orders.Tests.Simulation.Faults;

/// <summary>What goes wrong with processes, and on their ways to the stores.</summary>
internal sealed class ProcessFaults(World world, SyncCluster syncs, IReadOnlyList<QueryInstance> queries, IReadOnlyList<ApiClient> clients)
{
    /// <summary>Each kind with its name.</summary>
    public IReadOnlyList<(string Name, Action Begin)> All =>
    [
        ("kill", Kill), ("stop", Stop), ("freeze", Freeze), ("freeze at a commit", FreezeAtCommit), ("freeze at a commit", FreezeAtCommit), ("cut", Cut), ("cut from redis", CutFromRedis), ("loss", Loss), ("clock", Clock), ("look up", LookUp),
        ("freeze reader", FreezeReader), ("cut reader", CutReader), ("cut reader from redis", CutReaderFromRedis),
        ("freeze writer", FreezeWriter), ("cut writer", CutWriter), ("lossy writer", LoseAnswersOfWriter), ("lossy writer", LoseAnswersOfWriter), ("table frozen", FreezeTable), ("garbled for writer", GarbleForWriter),
    ];

    /// <summary>Whoever holds shards by then cannot read the stream for most of a minute.</summary>
    /// <returns>How much longer than usual it takes.</returns>
    public TimeSpan BeginLong()
    {
        world.After(world.Between(5, 15), () =>
        {
            foreach (var instance in syncs.Instances.Where(instance => instance.Consumer.Progress.ShardsHeld > 0))
            {
                world.Log.Add("faults", $"{instance.Process.Name} is cut off from the stream, for long");
                instance.ToStream.IsCut = true;
            }
        });
        return TimeSpan.FromSeconds(20);
    }

    /// <summary>All of it is mended.</summary>
    public void Lift()
    {
        (world.LossRate, world.Postgres.AtCommit) = (0, null);
        foreach (var instance in syncs.Instances)
        {
            instance.Links.ToList().ForEach(link => link.IsCut = false);
            instance.Redis.IsCut = false;
            instance.Process.Thaw();
        }

        world.Table.Thaw();
        foreach (var client in clients)
        {
            (client.ToTable.IsCut, client.ToTable.LossRate, client.Garbled.Rate) = (false, 0, 0);
            client.Process.Thaw();
        }

        foreach (var query in queries)
        {
            (query.ToPostgres.IsCut, query.Redis.IsCut) = (false, false);
            query.Process.Thaw();
        }

        syncs.StartAll();
    }

    private void Kill() => syncs.Replace(Place("is killed"), isKilled: true, world.Between(0, 6));

    private void Stop() => syncs.Replace(Place("is stopped"), isKilled: false, world.Between(0, 6));

    private void Freeze() => Freeze(syncs.Instances[Place("is frozen")].Process);

    // Long enough that another takes its shards over before it completes in Redis what it has committed.
    private void FreezeAtCommit() => world.Postgres.AtCommit = process =>
    {
        world.Postgres.AtCommit = null;
        world.Log.Add("faults", $"{process.Name} is frozen at a commit");
        process.Freeze();
        world.After(world.Between(4, 15), process.Thaw);
    };

    private void FreezeReader() => Freeze(Reader("is frozen").Process);

    private void FreezeWriter() => Freeze(world.OneOf(clients).Process);

    private void CutWriter()
    {
        var link = world.OneOf(clients).ToTable;
        Cut(isCut => link.IsCut = isCut);
    }

    private void LoseAnswersOfWriter()
    {
        var link = world.OneOf(clients).ToTable;
        link.LossRate = 0.3;
        world.After(world.Between(2, 20), () => link.LossRate = 0);
    }

    private void GarbleForWriter()
    {
        var garbled = world.OneOf(clients).Garbled;
        garbled.Rate = 0.3;
        world.After(world.Between(1, 10), () => garbled.Rate = 0);
    }

    private void FreezeTable()
    {
        world.Log.Add("faults", "the table is frozen");
        world.Table.Freeze();
        world.After(world.Between(0.2, 5), world.Table.Thaw);
    }

    private void Freeze(SimulatedProcess process)
    {
        process.Freeze();
        world.After(world.Between(0.1, world.Chance(0.3) ? 15 : 4), process.Thaw);
    }

    // Not while a reader is cut off from it: docs/cache.md says what is left there.
    private void Cut()
    {
        var instance = syncs.Instances[Place("is cut off")];
        var link = world.OneOf(instance.Links);
        if (link != instance.ToPostgres || !queries.Any(query => query.ToPostgres.IsCut))
        {
            Cut(isCut => link.IsCut = isCut);
        }
    }

    private void CutFromRedis()
    {
        var redis = syncs.Instances[Place("is cut off from Redis")].Redis;
        Cut(isCut => redis.IsCut = isCut);
    }

    private void CutReader()
    {
        if (syncs.Instances.Any(instance => instance.ToPostgres.IsCut))
        {
            return;
        }

        var link = Reader("is cut off from Postgres").ToPostgres;
        Cut(isCut => link.IsCut = isCut);
    }

    private void CutReaderFromRedis()
    {
        var redis = Reader("is cut off from Redis").Redis;
        Cut(isCut => redis.IsCut = isCut);
    }

    private void Cut(Action<bool> cut)
    {
        cut(true);
        world.After(world.Between(0.1, 12), () => cut(false));
    }

    private void Loss()
    {
        world.Log.Add("faults", "calls and answers are lost");
        world.LossRate = world.Between(0.01, 0.3).TotalSeconds;
        world.After(world.Between(1, 8), () => world.LossRate = 0);
    }

    private void Clock() => syncs.Instances[Place("has its clock set")].Process.ClockOffset = world.Between(-7200, 7200);

    private void LookUp() => syncs.Running.FirstOrDefault()?.RewriteFromTable();

    private QueryInstance Reader(string what)
    {
        var query = world.OneOf(queries);
        world.Log.Add("faults", $"{query.Process.Name} {what}");
        return query;
    }

    private int Place(string what)
    {
        var place = world.Random.Next(syncs.Instances.Count);
        world.Log.Add("faults", $"{syncs.Instances[place].Process.Name} {what}");
        return place;
    }
}
