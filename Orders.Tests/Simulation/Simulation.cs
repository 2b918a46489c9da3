using Orders.Tests.Simulation.Audit;
using Orders.Tests.Simulation.Faults;
using Orders.Tests.Simulation.Query;
using Orders.Tests.Simulation.Redis;
using Orders.Tests.Simulation.Sync;
using Orders.Tests.Simulation.Writers;

namespace Orders.Tests.Simulation;

/// <summary>
/// One life of the whole in virtual time: the table's stream, Orders.Sync, Postgres, under faults that a
/// seed chooses; then everything is mended, and after a bounded time all must be as the table has it.
/// </summary>
internal sealed class Simulation : IDisposable
{
    private const double FaultSeconds = 45;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RestWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(15);

    private readonly int _seed;
    private readonly World _world;
    private readonly SyncCluster _syncs;
    private readonly Guid[] _orders;
    private readonly ApiClient[] _clients;
    private readonly SimulatedWriters _writers;
    private readonly QueryInstance[] _queries;
    private readonly SimulatedReader[] _readers;
    private readonly FaultPlan _faults;
    private readonly Neighbour _neighbour;

    private Simulation(int seed, Repair without, Action<string>? heard, Weakness unspared)
    {
        _seed = seed;
        _world = new World(seed, without) { Unspared = unspared };
        _world.Log.Heard = heard;
        _world.Stream.OpenFirst(_world.Random.Next(1, 4));
        _orders = Orders(_world.Random);
        _clients = [.. Enumerable.Range(1, 2).Select(number => new ApiClient(_world, $"api-{number}"))];
        _writers = new SimulatedWriters(_world, _clients, _orders);
        _syncs = new SyncCluster(_world, _world.Random.Next(1, 4));
        _queries = [.. Enumerable.Range(1, _world.Random.Next(1, 4)).Select(number => new QueryInstance(_world, $"query-{number}"))];
        _readers = [.. Enumerable.Range(1, 2).Select(number => new SimulatedReader(_world, _queries, _orders, $"reader {number}"))];
        _neighbour = new Neighbour(_world, _orders);
        _faults = new FaultPlan(_world, new StoreFaults(_world), new ProcessFaults(_world, _syncs, _queries, _clients));
    }

    /// <summary>Runs one.</summary>
    /// <param name="seed">The same seed gives the same life.</param>
    /// <param name="without">What is taken out of the product.</param>
    /// <param name="heard">Hears of every event; null for nobody.</param>
    /// <param name="unspared">What it is known not to bear, and is not spared.</param>
    public static SimulationResult Run(int seed, Repair without = Repair.None, Action<string>? heard = null, Weakness unspared = Weakness.None)
    {
        // Whatever context the caller has is none of its processes'.
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            using var simulation = new Simulation(seed, without, heard, unspared);
            return simulation.Run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    public void Dispose() => _world.Dispose();

    private SimulationResult Run()
    {
        _writers.Begin();
        Array.ForEach(_queries, query => query.Start());
        Array.ForEach(_readers, reader => reader.Begin());
        _neighbour.Begin();
        var faultsEnd = TimeSpan.FromSeconds(FaultSeconds);
        faultsEnd += _faults.Begin(faultsEnd);
        var isUnbroken = RunTo(faultsEnd);
        if (isUnbroken)
        {
            _writers.IsOver = true;
            _faults.Lift();
            isUnbroken = RunToRest(faultsEnd + RestWithin);
        }

        if (isUnbroken)
        {
            _world.Auditor.CheckAtRest();
            _world.Auditor.Readiness.CheckAtRest(_syncs.Running);
        }

        return new SimulationResult(_seed, [.. _world.Auditor.Broken], [.. _world.Log.Last], _world.Log.Digest, _world.Now, _world.Auditor.Reads.Answered);
    }

    private bool RunTo(TimeSpan end)
    {
        while (_world.Now < end && _world.Auditor.Broken.Count == 0)
        {
            Advance();
        }

        return _world.Auditor.Broken.Count == 0;
    }

    private void Advance()
    {
        _world.Queue.RunUntil(_world.Now + Step);
        _world.Auditor.Readiness.Check(_syncs.Instances);
    }

    private bool RunToRest(TimeSpan end)
    {
        while (_world.Now < end && _world.Auditor.Broken.Count == 0 && !IsAtRest())
        {
            Advance();
        }

        return RunTo(_world.Now + TimeSpan.FromSeconds(3)) && ReadAll();
    }

    // Whoever is asked for any order must have it as it is.
    private bool ReadAll()
    {
        Array.ForEach(_readers, reader => reader.IsOver = true);
        foreach (var query in _queries)
        {
            foreach (var orderId in _orders)
            {
                _readers[0].Read(query, orderId);
                _readers[1].Read(query, orderId);
            }
        }

        if (!RunTo(_world.Now + TimeSpan.FromSeconds(2)))
        {
            return false;
        }

        // A heartbeat that was lost at the very end is known to be after ten seconds.
        for (var end = _world.Now + ReadyWithin; _world.Now < end && !ReadinessAudit.IsEverybodyReady(_syncs.Running);)
        {
            Advance();
        }

        return _world.Auditor.Broken.Count == 0;
    }

    private bool IsAtRest() => Array.TrueForAll(_clients, client => !client.IsAsking) && _world.Auditor.History.WaitsSince() is null && _world.Postgres.Model.Doubtful.Count == 0;

    private static Guid[] Orders(Random random)
    {
        var orders = new Guid[random.Next(3, 12)];
        foreach (ref var order in orders.AsSpan())
        {
            var bytes = new byte[16];
            random.NextBytes(bytes);
            order = new Guid(bytes);
        }

        return orders;
    }
}
