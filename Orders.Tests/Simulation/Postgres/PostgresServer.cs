using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using DynamoStreams.Postgres;
using DynamoStreams.Testing;
using Npgsql;
using Orders.ServiceDefaults.Stores;
using Orders.Sync.Cache;
using Orders.Tests.Simulation.Machinery;

namespace Orders.Tests.Simulation.Postgres;

/// <summary>
/// Postgres: leases, the read model, transactions that lock a shard's row, the gate of the projection,
/// sessions.
/// </summary>
internal sealed class PostgresServer : SimulatedServer
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(1);

    private readonly World _world;
    private readonly List<OpenTransaction> _open = [];
    private int _starts;

    public PostgresServer(World world)
        : base("postgres")
    {
        _world = world;
        Leases = new MemoryLeaseStore(() => world.Now);
        Model = new ReadModel(world);
        Cache = new CacheRows(world);
    }

    public MemoryLeaseStore Leases { get; }

    public ReadModel Model { get; }

    public CacheRows Cache { get; }

    /// <summary>Rises with time.</summary>
    public ulong NextTransaction => (ulong)_world.Now.TotalMilliseconds;

    /// <summary>Hears of whose batch is being committed; null for nobody.</summary>
    public Action<SimulatedProcess>? AtCommit { get; set; }

    /// <summary>Whether sessions that begin now may only read.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>It fails over: every connection is gone, and so is every transaction.</summary>
    public void Restart()
    {
        _starts++;
        _open.ToList().ForEach(RollBack);
    }

    /// <summary>Does what is asked over a session.</summary>
    public async Task<T> ServeAsync<T>(PostgresSession session, Func<Task<T>> serve, bool writes)
    {
        if (session.BeganAt is null)
        {
            (session.BeganAt, session.IsReadOnly) = (_starts, IsReadOnly);
            if (writes && IsReadOnly && !_world.Lacks(Repair.FreshSessions))
            {
                throw new ReadOnlySessionException();
            }
        }

        if (session.BeganAt != _starts)
        {
            throw Terminated();
        }

        return writes && session.IsReadOnly ? throw PostgresErrors.Of(PostgresErrorCodes.ReadOnlySqlTransaction, "cannot execute in a read-only transaction") : await serve();
    }

    /// <summary>
    /// Begins a batch's transaction: its checkpoint locks the shard's row, and passes the gate.
    /// </summary>
    /// <param name="lease">Under which it is to be committed.</param>
    /// <param name="process">Whose it is.</param>
    public async Task<OpenTransaction> BeginAsync(ShardLease lease, SimulatedProcess process)
    {
        await WaitAsync(() => !Leases.IsLocked(new ShardKey(lease.StreamArn, lease.ShardId)));
        var held = Leases.TryBegin(lease) ?? throw PostgresErrors.Of(ConsumerSqlStates.LeaseLost, $"shard {lease.ShardId} is no longer owned under fencing token {lease.FencingToken}");
        return await PassGateAsync(new OpenTransaction(held, process));
    }

    /// <summary>
    /// Begins a transaction that has the gate alone: no batch can be committed before it ends.
    /// </summary>
    public Task<OpenTransaction> CloseGateAsync(SimulatedProcess process) => PassGateAsync(new OpenTransaction(null, process));

    /// <summary>Commits a batch.</summary>
    /// <returns>The orders that stay as they are, and are in doubt.</returns>
    public IReadOnlySet<Guid> Commit(OpenTransaction transaction, BatchCommit commit)
    {
        if (transaction.IsOver || !_open.Contains(transaction))
        {
            throw Terminated();
        }

        Check(transaction, commit.Cached);
        _open.Remove(transaction);
        if (!Leases.Commit(transaction.Held!, commit.Batch.Checkpoint, commit.Batch.EndsShard))
        {
            throw Terminated();
        }

        Cache.List(commit.Cached.Lacking);
        AtCommit?.Invoke(transaction.Process);
        _world.Auditor.Shards.Committed(commit.Batch);
        return Model.Apply(commit.Changes);
    }

    /// <summary>Commits what was done with the gate closed.</summary>
    public T Commit<T>(OpenTransaction transaction, Func<T> effect) => transaction.IsOver || !_open.Remove(transaction) ? throw Terminated() : effect();

    private void Check(OpenTransaction transaction, CacheCommit cached)
    {
        try
        {
            Cache.Check(cached);
        }
        catch (PostgresException)
        {
            RollBack(transaction);
            throw;
        }
    }

    /// <summary>Ends a transaction without effect.</summary>
    public void RollBack(OpenTransaction transaction)
    {
        _open.Remove(transaction);
        transaction.IsEnded = true;
        if (transaction.Held is not null)
        {
            Leases.RollBack(transaction.Held);
        }
    }

    /// <summary>A process is gone: its connections close.</summary>
    public void Forget(SimulatedProcess process) => _open.FindAll(transaction => transaction.Process == process).ForEach(RollBack);

    private static NpgsqlException Terminated() => new("terminating connection due to administrator command (simulated)");

    private async Task<OpenTransaction> PassGateAsync(OpenTransaction transaction)
    {
        try
        {
            await WaitAsync(() => transaction.IsEnded || !_open.Exists(other => !other.IsOver && (transaction.IsAlone || other.IsAlone)));
        }
        catch (PostgresException)
        {
            RollBack(transaction);
            throw;
        }

        _open.Add(transaction);
        if (transaction.Process.IsDead)
        {
            RollBack(transaction);
        }

        return transaction;
    }

    private async Task WaitAsync(Func<bool> isSo)
    {
        for (var began = _world.Now; !isSo(); await _world.Queue.WaitAsync(Moment))
        {
            if (_world.Now - began > LockLimit)
            {
                throw PostgresErrors.Of(PostgresErrorCodes.LockNotAvailable, "canceling statement due to lock timeout");
            }
        }
    }
}
