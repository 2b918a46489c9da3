using DynamoStreams;
using DynamoStreams.Api;
using DynamoStreams.Scheduling;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Orders.Bench.Simulation;
using Orders.Sync.Cache;
using Orders.Sync.Consuming;
using Orders.Sync.Status;
using Orders.Tests.Simulation.Machinery;
using Orders.Tests.Simulation.Postgres;
using Orders.Tests.Simulation.Redis;

namespace Orders.Tests.Simulation.Sync;

/// <summary>
/// An instance of Orders.Sync: the product's consumer with everything in it, in a process of its own.
/// </summary>
internal sealed class SyncInstance
{
    private readonly World _world;
    private readonly Action _cancel;
    private readonly CancellationToken _stopped;
    private readonly StreamConsumerOptions _options;
    private readonly Func<CancellationToken, Task> _repair;

    public SyncInstance(World world, string name)
    {
        _world = world;
        var stop = new CancellationTokenSource();
        (_cancel, _stopped) = (stop.Cancel, stop.Token);
        Process = world.Fork(name);
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
        Redis = new RedisLink(world, Process, Time);
        var tables = new SimulatedCacheTables(world, Pool, Transactions);
        var filling = new CacheFilling(tables, Redis, Time, new ProcessLogger<CacheFilling>(world.Log, name));
        var suspension = new CacheSuspension(tables, _options, Time, new ProcessLogger<CacheSuspension>(world.Log, name));
        Cache = new OrderCacheWriter(Redis, filling, suspension, Time, new ProcessLogger<OrderCacheWriter>(world.Log, name));
        var repairs = new CacheRepairService(tables, Redis, Cache, filling, suspension, Time, new ProcessLogger<CacheRepairService>(world.Log, name));
        _repair = repairs.RunAsync;
        var projection = new SimulatedProjection(world, Transactions, Pool, Cache, Doubts.Noted);
        Consumer = new StreamConsumer(new StreamsWire(world, ToStream), leases, projection, _options, Time, new ProcessLogger<StreamConsumer>(world.Log, name));
    }

    public SimulatedProcess Process { get; }

    public ProcessTime Time { get; }

    public Link ToStream { get; }

    public Link ToTable { get; }

    public Link ToPostgres { get; }

    public RedisLink Redis { get; }

    public PostgresPool Pool { get; }

    /// <summary>The product's way through Redis.</summary>
    public OrderCacheWriter Cache { get; }

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
        _ = RepairAsync();
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

    /// <summary>What its health check says, by the product's rule.</summary>
    public HealthCheckResult Readiness()
    {
        var (progress, now) = (Consumer.Progress, Time.GetUtcNow());
        var state = new StreamState
        {
            HasListed = progress.HasListed,
            Shards = ToPostgres.IsCut || _world.Postgres.IsDown || _world.Postgres.IsFrozen ? null : Shards(),
            Obstacle = progress.Obstacle,
            Delay = progress.Delay,
            StalledFor = progress.StalledFor(now),
            SinceHeartbeat = progress.SinceHeartbeat(now),
            ReadsFailFor = progress.ReadsFailFor(now),
            OpenGaps = _world.Postgres.Leases.Gaps.Count,
        };
        return StreamReadiness.Judge(state, TimeSpan.FromSeconds(30), _options.LeaseDuration + _options.RenewInterval);
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

    private ShardsState Shards()
    {
        var leases = _world.Postgres.Leases;
        var worst = _world.Lacks(Repair.ReadinessOfAll) ? null : leases.Worst();
        return new ShardsState
        {
            Open = leases.OpenShards(_options.TableName).Count,
            SinceEnd = leases.SinceEnd,
            Silence = worst?.Silence ?? TimeSpan.Zero,
            Worst = worst?.Shard.ShardId,
            Holder = worst?.Shard.Owner,
        };
    }

    private async Task RepairAsync()
    {
        try
        {
            await _repair(_stopped);
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // It is stopped.
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await Consumer.RunAsync(_stopped);
            _world.Log.Add(Process.Name, "has stopped");
            Kill();
        }
        catch (Exception failure) when (failure is not NpgsqlException)
        {
            _world.Auditor.Break("a consumer runs until it is stopped", failure.ToString());
        }
    }
}
