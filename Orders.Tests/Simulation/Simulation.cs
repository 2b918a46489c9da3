using Orders.Tests.Simulation.Faults;
using Orders.Tests.Simulation.Sync;
using Orders.Tests.Simulation.Writers;

namespace Orders.Tests.Simulation;

/// <summary>
/// One life of the whole in virtual time: the table's stream, Orders.Sync, Postgres, under faults that a seed chooses; then everything is mended, and after a
/// bounded time all must be as the table has it.
/// </summary>
internal sealed class Simulation
{
    private const double FaultSeconds = 45;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RestWithin = TimeSpan.FromSeconds(60);

    private readonly int _seed;
    private readonly World _world;
    private readonly SyncCluster _syncs;
    private readonly SimulatedWriters _writers;
    private readonly FaultPlan _faults;

    private Simulation(int seed, Repair without, Action<string>? heard, bool isLiarStubborn)
    {
        _seed = seed;
        _world = new World(seed, without) { IsLiarStubborn = isLiarStubborn };
        _world.Log.Heard = heard;
        _world.Stream.OpenFirst(_world.Random.Next(1, 4));
        _writers = new SimulatedWriters(_world, Orders(_world.Random));
        _syncs = new SyncCluster(_world, _world.Random.Next(1, 4));
        _faults = new FaultPlan(_world, _syncs);
    }

    /// <summary>Runs one.</summary>
    /// <param name="seed">The same seed gives the same life.</param>
    /// <param name="without">What is taken out of the product.</param>
    /// <param name="heard">Hears of every event; null for nobody.</param>
    /// <param name="isLiarStubborn">Whether the stream repeats its lies until they pass for proof.</param>
    public static SimulationResult Run(int seed, Repair without = Repair.None, Action<string>? heard = null, bool isLiarStubborn = false)
    {
        // Whatever context the caller has is none of its processes'.
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return new Simulation(seed, without, heard, isLiarStubborn).Run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private SimulationResult Run()
    {
        _writers.Begin();
        var faultsEnd = TimeSpan.FromSeconds(FaultSeconds);
        _faults.Run(faultsEnd);
        var isUnbroken = RunTo(faultsEnd);
        if (isUnbroken)
        {
            _writers.IsOver = true;
            _faults.Lift();
            isUnbroken = RunToRest(faultsEnd + RestWithin);
        }

        if (isUnbroken)
            _world.Auditor.CheckAtRest();
        return new SimulationResult(_seed, [.. _world.Auditor.Broken], [.. _world.Log.Last], _world.Log.Digest, _world.Now);
    }

    private bool RunTo(TimeSpan end)
    {
        while (_world.Now < end && _world.Auditor.Broken.Count == 0)
            _world.Queue.RunUntil(_world.Now + Step);
        return _world.Auditor.Broken.Count == 0;
    }

    private bool RunToRest(TimeSpan end)
    {
        while (_world.Now < end && _world.Auditor.Broken.Count == 0 && _world.Auditor.History.WaitsSince() is not null)
            _world.Queue.RunUntil(_world.Now + Step);
        return RunTo(_world.Now + TimeSpan.FromSeconds(3));
    }

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
