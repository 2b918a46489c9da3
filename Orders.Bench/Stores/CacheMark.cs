using Npgsql;
using Orders.Domain.Cache;
using Orders.ServiceDefaults.Stores;
using StackExchange.Redis;

namespace Orders.Bench.Stores;

/// <summary>
/// Does what Orders.Sync does after it has purged Redis, so that readers trust the entries.
/// </summary>
internal static class CacheMark
{
    /// <summary>The names of a read model in Redis.</summary>
    public static async Task<CacheKeys> CacheKeysAsync(this NpgsqlDataSource readModel)
    {
        await using var ask = readModel.CreateCommand("SELECT sync.cache_scope()");
        return new((string)(await ask.ExecuteScalarAsync())!);
    }

    /// <summary>Begins a filling of a Redis for a read model.</summary>
    /// <returns>The identity that both have.</returns>
    public static async Task<CacheIdentity> BelongsToAsync(this IDatabase cache, NpgsqlDataSource readModel)
    {
        var keys = await readModel.CacheKeysAsync();
        var identity = new CacheIdentity(keys.Scope, await cache.IdentityAsync(), Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N"));
        await cache.StringSetAsync(keys.Identity, identity.ToString());
        await using var agree = readModel.CreateCommand("DELETE FROM sync.cache_identity");
        await agree.ExecuteNonQueryAsync();
        await using var now = readModel.CreateCommand("INSERT INTO sync.cache_identity VALUES ($1)");
        now.Parameters.Add(new() { Value = identity.ToString() });
        await now.ExecuteNonQueryAsync();
        return identity;
    }

    /// <summary>The fields of an order's entry.</summary>
    public static HashEntry[] Entry(this CacheIdentity identity, long version, string merchantId, byte[]? body) =>
    [
        new(OrderCache.VersionField, version), new(OrderCache.MerchantField, merchantId), new(OrderCache.FillingField, identity.Filling),
        .. body is null ? [] : new HashEntry[] { new(OrderCache.BodyField, body) },
    ];
}
