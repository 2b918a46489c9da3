using Orders.Domain.Cache;
using StackExchange.Redis;
using IRedis = Orders.ServiceDefaults.IRedis;

namespace Orders.Query;

/// <summary>Orders in Redis. Redis being away, slow or full of somebody else's data is the same as not having the order.</summary>
internal sealed class CachedOrders(IRedis redis, CacheTrust trust)
{
    // Orders.Sync's own writes live a day. What a reader puts back was asked for once, and may never be again.
    private static readonly TimeSpan RefillLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Finds an order by one HMGET.</summary>
    public async ValueTask<CachedOrder?> FindAsync(Guid orderId)
    {
        if (!trust.IsTrusted)
            return null;
        RedisKey key = OrderCache.Key(orderId);
        var answer = await redis.TryAsync(database => database.HashGetAsync(key, CachedOrder.Fields));
        return answer.Answered ? CachedOrder.Read(answer.Value) : null;
    }

    /// <summary>Puts an order there, unless the same or a newer version is there already.</summary>
    public async Task FillAsync(StoredOrder order)
    {
        if (!trust.IsTrusted)
            return;
        RedisKey[] keys = [OrderCache.Key(order.OrderId)];
        RedisValue[] values = [order.Version, order.MerchantId, order.Body, (long)RefillLifetime.TotalSeconds];
        await redis.TryAsync(database => database.ScriptEvaluateAsync(OrderCache.GuardScript, keys, values));
    }
}
