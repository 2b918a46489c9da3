using Orders.Domain.Cache;
using Orders.ServiceDefaults;
using StackExchange.Redis;
using IRedis = Orders.ServiceDefaults.IRedis;

namespace Orders.Query;

/// <summary>Orders in Redis. Redis being away, slow or full of somebody else's data is the same as not having the order.</summary>
internal sealed class CachedOrders(IRedis redis, CacheTrust trust)
{
    // Orders.Sync's own writes live a day. What a reader puts back was asked for once, and may never be again.
    private static readonly TimeSpan RefillLifetime = TimeSpan.FromMinutes(5);
    private static readonly Task<RedisAnswer<RedisValue[]>> NoAnswer = Task.FromResult(default(RedisAnswer<RedisValue[]>));

    /// <summary>Asks for an order by one HMGET. What comes is for <see cref="CachedOrder.Read"/>; nothing comes while Redis may not be read.</summary>
    public Task<RedisAnswer<RedisValue[]>> AskAsync(Guid orderId)
    {
        // Every request comes by here: no state machine of its own.
        if (!trust.IsTrusted)
            return NoAnswer;
        RedisKey key = OrderCache.Key(orderId);
        return redis.TryAsync(database => database.HashGetAsync(key, CachedOrder.Fields));
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
