using Orders.Domain.Cache;
using Orders.ServiceDefaults.Stores;
using StackExchange.Redis;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Query.Cache;

/// <summary>
/// Orders in Redis. Redis being away, slow or full of somebody else's data is the same as not having the
/// order.
/// </summary>
internal sealed class CachedOrders(IRedis redis, CacheTrust trust, TimeProvider time)
{
    private static readonly Task<RedisAnswer<RedisValue[]>> NoAnswer = Task.FromResult(default(RedisAnswer<RedisValue[]>));
    private static readonly RedisValue FillMilliseconds = (long)OrderCache.FillTime.TotalMilliseconds;
    private static readonly RedisValue FilledSeconds = (long)OrderCache.FillLifetime.TotalSeconds;

    /// <summary>
    /// Asks for an order by one HMGET. What comes is for <see cref="Read"/>; nothing comes while Redis may
    /// not be read.
    /// </summary>
    public Task<RedisAnswer<RedisValue[]>> AskAsync(Guid orderId)
    {
        // Every request comes by here: no state machine of its own.
        if (!trust.IsTrusted)
        {
            return NoAnswer;
        }

        RedisKey key = OrderCache.Key(orderId);
        return redis.TryAsync(database => database.HashGetAsync(key, CachedOrder.Fields));
    }

    /// <summary>
    /// Reads an answer. Null when there is no order in it, or trust has run out before it came.
    /// </summary>
    public CachedOrder? Read(RedisAnswer<RedisValue[]> answer) => trust.TryGetFilling(out var filling) ? CachedOrder.Read(answer, filling) : null;

    /// <summary>Looks again, and leaves a ticket where nothing is.</summary>
    /// <returns>The order; else the ticket with which <see cref="FillAsync"/> may put there what is found in
    /// Postgres from now on, null for none.</returns>
    public async Task<(CachedOrder? Order, RedisValue Ticket)> LookAsync(Guid orderId)
    {
        if (!trust.TryGetFilling(out var filling))
        {
            return default;
        }

        var answer = await RunAsync(CacheScripts.Look, orderId, Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), FillMilliseconds, filling);
        if ((RedisValue[]?)answer.Value is not [var version, var merchant, var body, var ticket] || !trust.TryGetFilling(out var now) || now != filling)
        {
            return default;
        }
        // The script has seen to it that nothing comes of another filling.
        return (CachedOrder.Read(new(true, [version, merchant, body, filling]), filling), ticket);
    }

    /// <summary>
    /// Puts an order there that was read from Postgres after the look, unless something has come between.
    /// </summary>
    public Task FillAsync(VersionedOrder order, RedisValue ticket) => ticket.IsNull || !trust.TryGetFilling(out var filling)
        ? Task.CompletedTask
        : RunAsync(CacheScripts.Fill, order.OrderId, ticket, order.Version, order.MerchantId, order.Body, FilledSeconds, filling);

    /// <summary>Removes an order that is older than what Postgres has.</summary>
    public Task InvalidateAsync(Guid orderId) => RunAsync(CacheScripts.Invalidate, orderId);

    /// <summary>
    /// Takes a ticket back: Postgres does not have the order, and what is not there is not remembered.
    /// </summary>
    public Task GiveBackAsync(Guid orderId, RedisValue ticket) => ticket.IsNull || !trust.IsTrusted
        ? Task.CompletedTask
        : RunAsync(CacheScripts.GiveBack, orderId, ticket);

    private Task<RedisAnswer<RedisResult>> RunAsync(string script, Guid orderId, params RedisValue[] values)
    {
        RedisKey[] keys = [OrderCache.Key(orderId)];
        return redis.TryAsync(database => database.ScriptEvaluateAsync(script, keys, values));
    }
}
