using System.Globalization;
using Npgsql;
using Orders.Domain.Cache;
using Orders.ServiceDefaults.Stores;
using StackExchange.Redis;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Sync.Cache;

/// <summary>
/// Ensures that the read model's orders in Redis are of this database as it is now, and were filled since
/// the server's last start. If not, they are purged first: after a restart Redis may have lost writes that
/// it had acknowledged. Then Redis and Postgres get the same new <see cref="CacheIdentity"/>, which tells
/// readers that they may use Redis. What other read models have in Redis is left alone.
/// </summary>
internal sealed partial class CacheFilling(ICacheTables tables, IRedis redis, TimeProvider time, ILogger<CacheFilling> logger)
{
    private readonly Lock _lock = new();
    private volatile Known? _known;
    private volatile CacheKeys? _keys;
    private Task<string?>? _looking;

    /// <summary>
    /// The identity that was last found. It is read again when it is unknown or the connection was lost
    /// since.
    /// </summary>
    /// <param name="patience">How long to wait for it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Null while Redis is unavailable or is being purged.</returns>
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
    /// The names of this read model in Redis, as Postgres last said; null before it did.
    /// </summary>
    public CacheKeys? Keys => _keys;

    /// <summary>
    /// Whether Redis could be used when last checked, on a connection that is still open.
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
        catch (PostgresException failure) when (PostgresFaults.IsReplaced(failure))
        {
            // Without a heartbeat from here, no reader trusts the orders of the former database.
            _known = null;
            throw;
        }
    }

    private async Task<string?> FindAsync(IDatabase cache)
    {
        var server = await cache.IdentityAsync();
        if (server.Length == 0 || (_keys ?? (await tables.ReadAsync())?.Keys) is not { } keys)
        {
            return null;
        }

        // Redis first: a transaction that is noted there has been seen, so Postgres is at least as far.
        var text = (string?)await cache.StringGetAsync(keys.Identity);
        var seen = (string?)await cache.StringGetAsync(keys.LastTransaction);
        var agreed = await tables.ReadAsync();
        _keys = agreed?.Keys;
        if (agreed is null || agreed.Keys != keys)
        {
            // It is another table or database than before. The next look is at its own names.
            return null;
        }

        var isRestored = ulong.TryParse(seen, NumberStyles.None, CultureInfo.InvariantCulture, out var last) && agreed.NextTransaction < last;
        if (CacheIdentity.Parse(text) is { } found && found.Scope == keys.Scope && found.Server == server && text == agreed.Identity && !isRestored)
        {
            await NoteAsync(cache, agreed);
            return text;
        }

        if (isRestored)
        {
            LogRestored(agreed.NextTransaction, last);
        }

        var next = new CacheIdentity(keys.Scope, server, NextFilling(CacheIdentity.Parse(text), CacheIdentity.Parse(agreed.Identity)));
        return await PurgeAsync(cache, agreed, next);
    }

    private static Task<bool> NoteAsync(IDatabase cache, AgreedCache agreed) =>
        cache.StringSetAsync(agreed.Keys.LastTransaction, agreed.NextTransaction.ToString(CultureInfo.InvariantCulture), OrderCache.MarkLifetime);

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

    private async Task<string?> PurgeAsync(IDatabase cache, AgreedCache agreed, CacheIdentity next)
    {
        var (keys, count) = (agreed.Keys, 0);
        var isPurged = await tables.TryPurgeAsync(
            async () =>
            {
                // One call for each key: on a cluster they are in different slots.
                await Task.WhenAll(cache.KeyDeleteAsync(keys.Identity), cache.KeyDeleteAsync(keys.Writers));
                count = await RemoveOrdersAsync(cache, keys);
                await NoteAsync(cache, agreed);
                await cache.StringSetAsync(keys.Identity, next.ToString(), OrderCache.MarkLifetime);
            },
            next.ToString());
        if (!isPurged)
        {
            return null;
        }

        LogPurged(count, keys.Scope);
        return next.ToString();
    }

    private static async Task<int> RemoveOrdersAsync(IDatabase cache, CacheKeys keys)
    {
        const int PageSize = 1_000;
        var count = 0;
        foreach (var server in cache.ConnectedServers())
        {
            await foreach (var page in server.KeysAsync(cache.Database, keys.OrderPattern, PageSize).Chunk(PageSize))
            {
                await Task.WhenAll(page.Select(key => cache.KeyDeleteAsync(key)));
                count += page.Length;
            }
        }

        return count;
    }

    private sealed record Known(string Identity, int Interruptions);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis has started, failed over, was flushed or is new here; {Count} orders of before are removed from it (orders:{Scope}:*)")]
    private partial void LogPurged(int count, string scope);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Postgres is at transaction {Now} and was at {Before}: it was restored from a backup. What Redis has of later is removed")]
    private partial void LogRestored(ulong now, ulong before);
}
