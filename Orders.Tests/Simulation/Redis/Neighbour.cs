using System.Text;
using Orders.Domain.Cache;
using Orders.Sync.Cache;
using Orders.Tests.Simulation.Machinery;
using Orders.Tests.Simulation.Postgres;
using StackExchange.Redis;

namespace Orders.Tests.Simulation.Redis;

/// <summary>
/// Another environment on the same Redis, with a database of its own: it writes orders of the same ids with
/// what only it has, and empties its part of Redis now and then. It does so as the product does.
/// </summary>
internal sealed class Neighbour
{
    private const long Version = 1_000_000;

    private readonly World _world;
    private readonly Guid[] _orders;
    private readonly SimulatedProcess _process;
    private readonly ProcessTime _time;
    private readonly RedisLink _redis;
    private readonly CacheFilling _filling;
    private readonly CacheKeys _keys;
    private string? _identity;

    public Neighbour(World world, Guid[] orders)
    {
        (_world, _orders, _process) = (world, orders, world.Fork("neighbour"));
        // Without names of its own it has those of the read model.
        var isApart = !world.Lacks(Repair.Scopes);
        _keys = isApart ? new("neighbour") : CacheRows.Keys;
        _time = new ProcessTime(_process, world.Queue);
        _redis = new RedisLink(world, _process, _time);
        _filling = new CacheFilling(new Tables(this), _redis, _time, new ProcessLogger<CacheFilling>(world.Log, "neighbour"));
    }

    public void Begin() => _process.Run(() => _ = LiveAsync());

    private async Task LiveAsync()
    {
        while (true)
        {
            await Task.Delay(_world.Between(0.05, 1), _time);
            try
            {
                await WriteAsync();
            }
            catch (Exception failure) when (failure is RedisException or TimeoutException)
            {
                // Redis fails it as it fails the others.
            }
            catch (Exception failure)
            {
                _world.Auditor.Break("the neighbour lives", failure.ToString());
                return;
            }
        }
    }

    private async Task WriteAsync()
    {
        if (_world.Chance(0.1))
        {
            _identity = null;
        }

        if (CacheIdentity.Parse(await _filling.EnsureAsync()) is not { Filling: var filling } || _redis.Database is not { } database)
        {
            return;
        }

        var (orderId, ticket) = (_world.OneOf(_orders), $"n{_world.Now.Ticks}");
        await Task.WhenAll(CacheCalls.Announce(database, _keys, ticket, filling, [(orderId, $"{Version}")]));
        await Task.WhenAll(CacheCalls.Complete(database, _keys, ticket, filling, [new CacheEntry(orderId, Version, "neighbour", Body(orderId))]));
    }

    private static byte[] Body(Guid orderId) => Encoding.UTF8.GetBytes($$"""{"order_id":"{{orderId}}","version":{{Version}},"status":"placed","amount":0.01}""");

    /// <summary>Its database, which never fails.</summary>
    private sealed class Tables(Neighbour owner) : ICacheTables
    {
        // Who shares the names of another read model also shares what is agreed on them: a copied database.
        private string? Identity => owner._world.Lacks(Repair.Scopes) ? owner._world.Postgres.Cache.Identity : owner._identity;

        public Task<AgreedCache?> ReadAsync() => Task.FromResult<AgreedCache?>(new(owner._keys, Identity, owner._world.Postgres.NextTransaction));

        public async Task<bool> TryPurgeAsync(Func<Task> purge, string identity)
        {
            await purge();
            owner._identity = identity;
            return true;
        }

        public Task<bool> SuspendAsync(string ownerName, string reason, bool purge, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SettleAsync(string ownerName, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<(string Owner, bool IsLiftable)>> FindSuspensionsAsync(string ownerName, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> TryLiftAsync(string ownerName, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<(Guid[] RepairIds, IReadOnlyCollection<Guid> OrderIds)> ReadRepairsAsync(int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task DeleteRepairsAsync(Guid[] repairIds, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
