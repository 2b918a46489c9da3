using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using Npgsql;
using Orders.Bench.Simulation;
using Orders.ServiceDefaults;
using Orders.Tests.Simulation.Machinery;

namespace Orders.Tests.Simulation.Postgres;

/// <summary>Postgres: leases, the read model, transactions that lock a shard's row, the gate of the projection, sessions.</summary>
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
    }

    public MemoryLeaseStore Leases { get; }

    public ReadModel Model { get; }

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
                throw new ReadOnlySessionException();
        }

        if (session.BeganAt != _starts)
            throw new NpgsqlException("terminating connection due to administrator command (simulated)");
        return writes && session.IsReadOnly ? throw PostgresErrors.Of(PostgresErrorCodes.ReadOnlySqlTransaction, "cannot execute in a read-only transaction") : await serve();
    }

    /// <summary>Begins a batch's transaction: its checkpoint locks the shard's row, and passes the gate, or closes it.</summary>
    /// <param name="lease">Under which it is to be committed.</param>
    /// <param name="process">Whose it is.</param>
    /// <param name="isAlone">Whether no other batch may be under way.</param>
    public async Task<OpenTransaction> BeginAsync(ShardLease lease, SimulatedProcess process, bool isAlone)
    {
        await WaitAsync(() => !Leases.IsLocked(new ShardKey(lease.StreamArn, lease.ShardId)));
        var held = Leases.TryBegin(lease) ?? throw PostgresErrors.Of("DS001", $"shard {lease.ShardId} is no longer owned under fencing token {lease.FencingToken}");
        return await PassGateAsync(new OpenTransaction(held, process, isAlone));
    }

    /// <summary>A transaction of no batch that has the gate alone.</summary>
    public Task<OpenTransaction> CloseGateAsync(SimulatedProcess process) => PassGateAsync(new OpenTransaction(null, process, IsAlone: true));

    /// <summary>Commits a batch.</summary>
    /// <returns>Orders that are in doubt: then nothing is committed.</returns>
    public IReadOnlySet<Guid> Commit(OpenTransaction transaction, BatchCommit commit)
    {
        if (!_open.Remove(transaction) || transaction.IsEnded)
            throw new NpgsqlException("terminating connection due to administrator command (simulated)");
        var doubtful = Model.FindDoubtful(commit);
        if (doubtful.Count > 0)
        {
            RollBack(transaction);
            return doubtful;
        }

        if (!Leases.Commit(transaction.Held!, commit.Batch.Checkpoint, commit.Batch.EndsShard))
            throw new NpgsqlException("terminating connection due to administrator command (simulated)");
        _world.Auditor.Shards.Committed(commit.Batch);
        Model.Apply(commit);
        return doubtful;
    }

    /// <summary>Ends a transaction without effect.</summary>
    public void RollBack(OpenTransaction transaction)
    {
        _open.Remove(transaction);
        transaction.IsEnded = true;
        if (transaction.Held is not null)
            Leases.RollBack(transaction.Held);
    }

    /// <summary>Commits an order as the table has it.</summary>
    /// <returns>Whether there was anything to write.</returns>
    public bool Rewrite(OpenTransaction transaction, Guid orderId, StoredState? found)
    {
        if (!_open.Remove(transaction) || transaction.IsOver)
            throw new NpgsqlException("terminating connection due to administrator command (simulated)");
        if (found is not null)
            Model.Write(orderId, found);
        return found is not null;
    }

    /// <summary>A process is gone: its connections close.</summary>
    public void Forget(SimulatedProcess process) => _open.FindAll(transaction => transaction.Process == process).ForEach(RollBack);

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
            RollBack(transaction);
        return transaction;
    }

    private async Task WaitAsync(Func<bool> isSo)
    {
        for (var began = _world.Now; !isSo(); await _world.Queue.WaitAsync(Moment))
        {
            if (_world.Now - began > LockLimit)
                throw PostgresErrors.Of(PostgresErrorCodes.LockNotAvailable, "canceling statement due to lock timeout");
        }
    }
}
