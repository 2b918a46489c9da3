using Npgsql;
using Orders.Domain.Cache;
using Orders.ServiceDefaults.Stores;
using StackExchange.Redis;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Sync.Cache;

/// <summary>
/// Ensures that the orders in Redis belong to this read model and were filled since the server's last start.
/// If not, Redis is purged of orders first: after a restart it may have lost writes that it had
/// acknowledged. Then Redis and Postgres get the same new <see cref="CacheIdentity"/>, which tells readers
/// that they may use Redis.
/// </summary>
internal sealed partial class CacheFilling(ICacheTables tables, IRedis redis, TimeProvider time, ILogger<CacheFilling> logger)
{
    private readonly Lock _lock = new();
    private volatile Known? _known;
    private Task<string?>? _looking;

    /// <summary>
    /// The identity that was last found. It is read again when it is unknown or the connection was lost
    /// since.
    /// </summary>
    /// <param name="patience">How long to wait for it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Null while Redis is unavailable, is being purged, or belongs to another read
    /// model.</returns>
    public async ValueTask<string?> CurrentAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (Current is { } known)
        {
            return known.Identity;
        }

        try
        {
            return await EnsureAsync().WaitAsync(patience, time, cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or NpgsqlException)
        {
            // Not awaited: the purge may need the gate that the caller's transaction holds.
            return null;
        }
    }

    /// <summary>
    /// Whether Redis belonged to this read model when last checked, on a connection that is still open.
    /// </summary>
    public bool IsKnown => Current is not null;

    private Known? Current => _known is { } known && known.Interruptions == redis.Interruptions ? known : null;

    /// <summary>Forgets the identity, so that it is read again.</summary>
    public void Forget() => _known = null;

    /// <summary>
    /// Checks now, and purges Redis if necessary. Concurrent callers share one check (singleflight).
    /// </summary>
    /// <returns>As of <see cref="CurrentAsync"/>.</returns>
    public Task<string?> EnsureAsync()
    {
        lock (_lock)
        {
            if (_looking is null or { IsCompleted: true })
            {
                _looking = LookAsync();
            }

            return _looking;
        }
    }

    private async Task<string?> LookAsync()
    {
        // In the background, since the caller holds the lock.
        await Task.Yield();
        var interruptions = redis.Interruptions;
        try
        {
            if (redis.Database is not { } cache || await FindAsync(cache) is not { } identity)
            {
                _known = null;
                return null;
            }

            _known = new Known(identity, interruptions);
            return identity;
        }
        catch (Exception failure) when (RedisFaults.IsNoAnswer(failure))
        {
            _known = null;
            return null;
        }
    }

    private async Task<string?> FindAsync(IDatabase cache)
    {
        var server = await cache.IdentityAsync();
        if (server.Length == 0)
        {
            return null;
        }

        var text = (string?)await cache.StringGetAsync(OrderCache.Identity);
        var (readModel, agreed) = await tables.ReadIdentityAsync();
        var identity = CacheIdentity.Parse(text);
        if (identity is { } found && found.ReadModel == readModel && found.Server == server && text == agreed)
        {
            return text;
        }

        if (identity is { } other && other.ReadModel != readModel && await cache.KeyExistsAsync(OrderCache.Writers))
        {
            LogOthers(other.ReadModel);
            return null;
        }

        return await PurgeAsync(cache, new CacheIdentity(readModel, server, NextFilling(identity, CacheIdentity.Parse(agreed))));
    }

    /// <summary>Sorts after the previous ones even if the clock went back.</summary>
    private string NextFilling(params ReadOnlySpan<CacheIdentity?> before)
    {
        var next = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        foreach (var identity in before)
        {
            if (identity is { Filling: var filling } && string.CompareOrdinal(next, filling) <= 0)
            {
                next = $"{filling}0";
            }
        }

        return next;
    }

    private async Task<string?> PurgeAsync(IDatabase cache, CacheIdentity next)
    {
        var count = 0;
        var isPurged = await tables.TryPurgeAsync(
            async () =>
            {
                // One call for each key: on a cluster they are in different slots.
                await Task.WhenAll(cache.KeyDeleteAsync(OrderCache.Identity), cache.KeyDeleteAsync(OrderCache.Writers));
                count = await RemoveOrdersAsync(cache);
                await cache.StringSetAsync(OrderCache.Identity, next.ToString());
            },
            next.ToString());
        if (!isPurged)
        {
            return null;
        }

        LogPurged(count);
        return next.ToString();
    }

    private static async Task<int> RemoveOrdersAsync(IDatabase cache)
    {
        const int PageSize = 1_000;
        var count = 0;
        foreach (var server in cache.ConnectedServers())
        {
            await foreach (var page in server.KeysAsync(cache.Database, OrderCache.KeyPattern, PageSize).Chunk(PageSize))
            {
                await Task.WhenAll(page.Select(key => cache.KeyDeleteAsync(key)));
                count += page.Length;
            }
        }

        return count;
    }

    private sealed record Known(string Identity, int Interruptions);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis has started, failed over, was flushed or is new here; {Count} orders of before are removed from it")]
    private partial void LogPurged(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis holds the orders of another read model ({ReadModel}) that is alive; this one goes without. Give it a Redis, or a database of it (defaultDatabase=1), of its own")]
    private partial void LogOthers(string readModel);
}
