using DynamoStreams;
using DynamoStreams.Api;
using DynamoStreams.Reading;
using Npgsql;
using Orders.Bench.Simulation;
using Orders.Tests.Simulation.Machinery;
using Orders.Tests.Simulation.Postgres;

namespace Orders.Tests.Simulation.Sync;

/// <summary>An instance of Orders.Sync: the product's consumer with everything in it, in a process of its own.</summary>
internal sealed class SyncInstance
{
    private readonly World _world;
    private readonly Action _cancel;
    private readonly CancellationToken _stopped;
    private readonly StreamConsumerOptions _options;

    public SyncInstance(World world, string name)
    {
        _world = world;
        var stop = new CancellationTokenSource();
        (_cancel, _stopped) = (stop.Cancel, stop.Token);
        Process = new SimulatedProcess(world.Queue, name);
        Time = new ProcessTime(Process, world.Queue);
        ToStream = new Link(world, world.Stream, TimeSpan.FromSeconds(10), how => new StreamsException(StreamsFailure.Unavailable, $"simulated: {how}"));
        ToTable = new Link(world, world.Table, TimeSpan.FromSeconds(3), how => new IOException($"simulated: {how}"));
        ToPostgres = new Link(world, world.Postgres, TimeSpan.FromSeconds(10), PostgresErrors.Lost);
        Pool = new PostgresPool(world, ToPostgres);
        _options = new StreamConsumerOptions
        {
            TableName = "orders",
            Owner = name,
            Polling = new PollingOptions { Quick = TimeSpan.FromMilliseconds(40), Jitter = world.Random.NextDouble },
            OnFailure = failure => Pool.Note(failure),
        };
        var leases = new SimulatedLeases(world, new RemoteLeaseStore(world.Postgres.Leases, new PostgresWire(Pool)));
        Transactions = new PostgresTransactions(world, Process, Pool);
        Doubts = new SimulatedDoubts(world, this);
        var projection = new SimulatedProjection(world, Transactions, Pool, Doubts.Noted);
        Consumer = new StreamConsumer(new StreamsWire(world, ToStream), leases, projection, _options, Time, new ProcessLogger<StreamConsumer>(world.Log, name));
    }

    public SimulatedProcess Process { get; }

    public ProcessTime Time { get; }

    public Link ToStream { get; }

    public Link ToTable { get; }

    public Link ToPostgres { get; }

    public PostgresPool Pool { get; }

    public PostgresTransactions Transactions { get; }

    public SimulatedDoubts Doubts { get; }

    public StreamConsumer Consumer { get; }

    /// <summary>Whether it has been told to stop.</summary>
    public bool IsStopping { get; private set; }

    public IReadOnlyList<Link> Links => [ToStream, ToTable, ToPostgres];

    public void Start() => Process.Run(() =>
    {
        _ = RunAsync();
        _ = Doubts.RunAsync(_stopped);
    });

    /// <summary>Asks it to stop, as a deployment does.</summary>
    public void Stop()
    {
        IsStopping = true;
        Process.Run(_cancel);
    }

    public void Kill()
    {
        Process.Kill();
        _world.Postgres.Forget(Process);
    }

    /// <summary>Writes an order anew from the table, as reconciling does.</summary>
    public void RewriteFromTable()
    {
        var orders = _world.Auditor.Table.Orders.ToList();
        if (orders.Count > 0)
        {
            var orderId = _world.OneOf(orders);
            Process.Run(() => _ = Doubts.TryRewriteAsync(orderId, _stopped));
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await Consumer.RunAsync(_stopped);
            _world.Log.Add(Process.Name, "has stopped");
            Process.Kill();
        }
        catch (Exception failure) when (failure is not NpgsqlException)
        {
            _world.Auditor.Break("a consumer runs until it is stopped", failure.ToString());
        }
    }
}
