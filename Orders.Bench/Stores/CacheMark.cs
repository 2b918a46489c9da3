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
    /// <summary>Makes a Redis belong to a read model.</summary>
    public static async Task BelongsToAsync(this IDatabase cache, NpgsqlDataSource readModel)
    {
        await using var ask = readModel.CreateCommand("SELECT feed_id FROM sync.change_feed");
        var filling = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N");
        var identity = new CacheIdentity((string)(await ask.ExecuteScalarAsync())!, await cache.IdentityAsync(), filling).ToString();
        await cache.StringSetAsync(OrderCache.Identity, identity);
        await using var agree = readModel.CreateCommand("DELETE FROM sync.cache_identity");
        await agree.ExecuteNonQueryAsync();
        await using var now = readModel.CreateCommand("INSERT INTO sync.cache_identity VALUES ($1)");
        now.Parameters.Add(new() { Value = identity });
        await now.ExecuteNonQueryAsync();
    }
}
