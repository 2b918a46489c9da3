using Orders.Domain.Cache;
using Orders.ServiceDefaults.Stores;
using StackExchange.Redis;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Query.Cache;

/// <summary>
/// Orders in Redis. If Redis is unavailable, slow or has other data, that counts as a miss.
/// </summary>
internal sealed class CachedOrders(IRedis redis, CacheTrust trust, TimeProvider time)
{
    private static readonly Task<RedisAnswer<RedisValue[]>> NoAnswer = Task.FromResult(default(RedisAnswer<RedisValue[]>));
    private static readonly RedisValue FillMilliseconds = (long)OrderCache.FillTime.TotalMilliseconds;
    private static readonly RedisValue FilledSeconds = (long)OrderCache.FillLifetime.TotalSeconds;

    /// <summary>
    /// Requests an order by one HMGET. Pass the response to <see cref="Read"/>. There is none while Redis is
    /// not trusted.
    /// </summary>
    public Task<RedisAnswer<RedisValue[]>> AskAsync(Guid orderId)
    {
        // On the path of every request, so without an async state machine.
        if (trust.Current is not { Keys: var keys })
        {
            return NoAnswer;
        }

        RedisKey key = keys.Order(orderId);
        return redis.TryAsync(database => database.HashGetAsync(key, CachedOrder.Fields));
    }

    /// <summary>Reads a response. Null when it has no order, or trust expired before it came.</summary>
    public CachedOrder? Read(RedisAnswer<RedisValue[]> answer) => trust.Current is { } grant ? CachedOrder.Read(answer, grant.Filling) : null;

    /// <summary>Reads again, and leaves a ticket if there is no entry.</summary>
    /// <returns>The order; else the ticket with which <see cref="FillAsync"/> may fill the entry with what
    /// Postgres returns from now on; null for none.</returns>
    public async Task<(CachedOrder? Order, RedisValue Ticket)> LookAsync(Guid orderId)
    {
        if (trust.Current is not { Keys: var keys, Filling: var filling })
        {
            return default;
        }

        var answer = await RunAsync(CacheScripts.Look, keys, orderId, Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), FillMilliseconds, filling);
        if ((RedisValue[]?)answer.Value is not [var version, var merchant, var body, var ticket] || trust.Current is not { } now || now.Filling != filling)
        {
            return default;
        }
        // The script never returns an entry of another filling.
        return (CachedOrder.Read(new(true, [version, merchant, body, filling]), filling), ticket);
    }

    /// <summary>
    /// Fills the entry with an order that was read from Postgres after the ticket, unless the entry has
    /// changed.
    /// </summary>
    public Task FillAsync(VersionedOrder order, RedisValue ticket) => ticket.IsNull || trust.Current is not { Keys: var keys, Filling: var filling }
        ? Task.CompletedTask
        : RunAsync(CacheScripts.Fill, keys, order.OrderId, ticket, order.Version, order.MerchantId, order.Body, FilledSeconds, filling);

    /// <summary>Removes an order that is older than in Postgres.</summary>
    public Task InvalidateAsync(Guid orderId) => trust.Current is { Keys: var keys } ? RunAsync(CacheScripts.Invalidate, keys, orderId) : Task.CompletedTask;

    /// <summary>Withdraws a ticket: Postgres does not have the order, and misses are not cached.</summary>
    public Task GiveBackAsync(Guid orderId, RedisValue ticket) => ticket.IsNull || trust.Current is not { Keys: var keys }
        ? Task.CompletedTask
        : RunAsync(CacheScripts.GiveBack, keys, orderId, ticket);

    private Task<RedisAnswer<RedisResult>> RunAsync(string script, CacheKeys names, Guid orderId, params RedisValue[] values)
    {
        RedisKey[] keys = [names.Order(orderId)];
        return redis.TryAsync(database => database.ScriptEvaluateAsync(script, keys, values));
    }
}
