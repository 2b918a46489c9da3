using Orders.Domain.Cache;
using Orders.ServiceDefaults.Stores;
using StackExchange.Redis;

namespace Orders.Sync.Cache;

/// <summary>
/// Sends the scripts, many orders in a call: one call per order costs the client more than the order itself,
/// and Redis a third more.
/// </summary>
internal static class CacheCalls
{
    /// <summary>
    /// The most orders in a call. Redis is blocked while it runs a script: 64 orders take less than a
    /// millisecond, which readers do not notice, and larger calls would save almost nothing.
    /// </summary>
    public const int MaxOrders = 64;

    /// <summary>
    /// The most bytes of bodies in a call with several orders. Usual orders stay below; a call of large
    /// orders then takes no longer than one of 64 usual ones.
    /// </summary>
    public const int MaxBytes = 128 * 1024;

    /// <summary>
    /// The version of an announced change that no reader may fill in before it is completed, because the old
    /// state may have the same version.
    /// </summary>
    public const string NoVersion = "-";

    private const int ValuesOfOrder = 5;

    private static readonly RedisValue OrderSeconds = (long)OrderCache.OrderLifetime.TotalSeconds;
    private static readonly RedisValue TombstoneSeconds = (long)OrderCache.TombstoneLifetime.TotalSeconds;
    private static readonly RedisValue AnnouncementSeconds = (long)OrderCache.AnnouncementLifetime.TotalSeconds;

    /// <summary>Announces changes. The calls are pipelined: none waits for the one before.</summary>
    /// <returns>The calls. A failed call has still announced every order that Redis accepted.</returns>
    public static List<Task> Announce(IDatabase database, CacheKeys names, string ticket, string filling, IReadOnlyList<(Guid OrderId, string Version)> changes) =>
        Each(database, names, changes, (keys, chunk) =>
        {
            var values = new RedisValue[3 + chunk.Count];
            (values[0], values[1], values[2]) = (ticket, AnnouncementSeconds, filling);
            for (var i = 0; i < chunk.Count; i++)
            {
                values[3 + i] = chunk[i].Version;
            }

            return database.ScriptEvaluateAsync(CacheScripts.Announce, keys, values);
        });

    /// <summary>Completes announced changes.</summary>
    public static List<Task> Complete(IDatabase database, CacheKeys names, string ticket, string filling, ReadOnlySpan<CacheEntry> entries)
    {
        var max = MaxOf(database);
        var calls = new List<Task>((entries.Length / max) + 1);
        while (!entries.IsEmpty)
        {
            var count = CountOfCall(entries, max);
            calls.Add(CompleteCall(database, names, ticket, filling, entries[..count]));
            entries = entries[count..];
        }

        return calls;
    }

    /// <summary>Withdraws announcements.</summary>
    public static List<Task> Withdraw(IDatabase database, CacheKeys names, string ticket, IReadOnlyCollection<Guid> orderIds) =>
        Each(database, names, [.. orderIds.Select(orderId => (orderId, ""))], (keys, _) => database.ScriptEvaluateAsync(CacheScripts.Withdraw, keys, [ticket]));

    /// <summary>
    /// Invalidates orders, and fences announced ones against delayed completions and fills.
    /// </summary>
    public static List<Task> InvalidateAndFence(IDatabase database, CacheKeys names, string ticket, IReadOnlyCollection<Guid> orderIds) =>
        Each(database, names, [.. orderIds.Select(orderId => (orderId, NoVersion))], (keys, _) => database.ScriptEvaluateAsync(CacheScripts.InvalidateAndFence, keys, [ticket, NoVersion, AnnouncementSeconds]));

    /// <summary>How many of the orders, from the first on, fit into a call.</summary>
    /// <param name="entries">Orders, at least one.</param>
    /// <param name="max">Orders in a call at most.</param>
    internal static int CountOfCall(ReadOnlySpan<CacheEntry> entries, int max)
    {
        var (count, bytes) = (0, 0L);
        while (count < entries.Length && count < max)
        {
            bytes += entries[count].Body?.Length ?? 0;
            if (count > 0 && bytes > MaxBytes)
            {
                break;
            }

            count++;
        }

        return count;
    }

    private static List<Task> Each(IDatabase database, CacheKeys names, IReadOnlyList<(Guid OrderId, string Version)> orders, Func<RedisKey[], ArraySegment<(Guid OrderId, string Version)>, Task> send)
    {
        var max = MaxOf(database);
        var all = orders.ToArray();
        var calls = new List<Task>((all.Length / max) + 1);
        for (var start = 0; start < all.Length; start += max)
        {
            var chunk = new ArraySegment<(Guid OrderId, string Version)>(all, start, Math.Min(max, all.Length - start));
            calls.Add(send([.. chunk.Select(order => (RedisKey)names.Order(order.OrderId))], chunk));
        }

        return calls;
    }

    // A cluster rejects a script with keys of several slots, and two orders rarely share a slot.
    private static int MaxOf(IDatabase database) => database.ConnectedServers().All(server => server.ServerType == ServerType.Standalone) ? MaxOrders : 1;

    private static Task<RedisResult> CompleteCall(IDatabase database, CacheKeys names, string ticket, string filling, ReadOnlySpan<CacheEntry> entries)
    {
        var keys = new RedisKey[entries.Length];
        var values = new RedisValue[2 + (entries.Length * ValuesOfOrder)];
        (values[0], values[1]) = (ticket, filling);
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = entries[i];
            keys[i] = names.Order(entry.OrderId);
            var own = values.AsSpan(2 + (i * ValuesOfOrder), ValuesOfOrder);
            own[0] = entry.Version;
            own[1] = entry.MerchantId;
            own[2] = entry.Body ?? RedisValue.EmptyString;
            own[3] = entry.Body is null ? TombstoneSeconds : OrderSeconds;
            own[4] = entry.IsToldByVersion ? entry.Version : RedisValue.EmptyString;
        }

        return database.ScriptEvaluateAsync(CacheScripts.Complete, keys, values);
    }
}
