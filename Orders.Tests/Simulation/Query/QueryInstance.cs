using Orders.Query.ById;
using Orders.Query.Cache;
using Orders.Tests.Simulation.Machinery;
using Orders.Tests.Simulation.Postgres;
using Orders.Tests.Simulation.Redis;

namespace Orders.Tests.Simulation.Query;

/// <summary>
/// An instance of Orders.Query: the product's trust in Redis, its cached orders and its reader, in a process
/// of its own.
/// </summary>
internal sealed class QueryInstance
{
    private readonly Func<Task> _look;
    private readonly PostgresPool _pool;
    private readonly World _world;

    public QueryInstance(World world, string name)
    {
        _world = world;
        Process = world.Fork(name);
        var time = new ProcessTime(Process, world.Queue);
        Redis = new RedisLink(world, Process, time);
        // Without limits of its own a read waits as long as the client of Postgres does by itself.
        var isPatient = world.Lacks(Repair.ReadLimit);
        ToPostgres = new Link(world, world.Postgres, TimeSpan.FromSeconds(isPatient ? 15 : 2), PostgresErrors.Lost);
        _pool = new PostgresPool(world, ToPostgres);
        var trust = new CacheTrust(Redis, AskAsync, time);
        _look = () => trust.RunAsync(CancellationToken.None);
        Reader = new OrderReader(new CachedOrders(Redis, trust, time), FindAsync, isPatient ? new TimelessTime() : time);
    }

    public SimulatedProcess Process { get; }

    public RedisLink Redis { get; }

    public Link ToPostgres { get; }

    public OrderReader Reader { get; }

    public void Start() => Process.Run(() => _ = _look());

    private async Task<CacheAgreement?> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _pool.UseAsync(
                () => new CacheAgreement(
                    CacheRows.Keys, _world.Postgres.Cache.Identity, _world.Postgres.Cache.IsSuspended, [.. _world.Postgres.Leases.Alive], _world.Postgres.NextTransaction),
                writes: false,
                cancellationToken);
        }
        catch (Npgsql.NpgsqlException)
        {
            return null;
        }
    }

    private Task<VersionedOrder?> FindAsync(Guid orderId, CancellationToken cancellationToken) => _pool.UseAsync(
        () => _world.Postgres.Model.Find(orderId) is { } stored ? new VersionedOrder(orderId, stored.MerchantId, stored.Version, stored.Body) : null,
        writes: false,
        cancellationToken);
}
