using Orders.Domain.Cache;
using Orders.ServiceDefaults;
using StackExchange.Redis;

namespace Orders.Sync.Cache;

/// <summary>Sends orders through the version guard, many in a call: a call of its own costs the client more than the order in it, and Redis a third more.</summary>
internal static class GuardedWrites
{
    /// <summary>
    /// Orders in a call. Redis answers nobody else while it runs a script: 64 take it less than a millisecond, which a reader does not notice, and
    /// more in a call would save next to nothing.
    /// </summary>
    public const int MostOrders = 64;

    /// <summary>Bytes of bodies in a call, unless it is of one order: usual orders stay below; large ones are copied for as long as 64 usual ones.</summary>
    public const int MostBytes = 128 * 1024;

    private const int ValuesOfOrder = 4;

    private static readonly RedisValue OrderSeconds = (long)OrderCache.OrderLifetime.TotalSeconds;
    private static readonly RedisValue TombstoneSeconds = (long)OrderCache.TombstoneLifetime.TotalSeconds;

    /// <summary>Sends orders, one call behind the other without waiting; the client pipelines them.</summary>
    /// <returns>The calls; one that fails has written every order that Redis would take.</returns>
    public static List<Task> Send(IDatabase database, ReadOnlySpan<CacheEntry> entries)
    {
        // A cluster refuses a script whose keys are of several slots, and two orders hardly ever are of one.
        var most = database.ConnectedServers().All(server => server.ServerType == ServerType.Standalone) ? MostOrders : 1;
        var calls = new List<Task>((entries.Length / most) + 1);
        while (!entries.IsEmpty)
        {
            var count = CountOfCall(entries, most);
            calls.Add(SendCall(database, entries[..count]));
            entries = entries[count..];
        }

        return calls;
    }

    /// <summary>Sends orders in one call; on a cluster, one order.</summary>
    public static Task SendCall(IDatabaseAsync database, ReadOnlySpan<CacheEntry> entries)
    {
        var keys = new RedisKey[entries.Length];
        var values = new RedisValue[entries.Length * ValuesOfOrder];
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = entries[i];
            keys[i] = OrderCache.Key(entry.OrderId);
            var own = values.AsSpan(i * ValuesOfOrder, ValuesOfOrder);
            own[0] = entry.Version;
            own[1] = entry.MerchantId;
            own[2] = entry.Body ?? RedisValue.EmptyString;
            own[3] = entry.Body is null ? TombstoneSeconds : OrderSeconds;
        }

        return database.ScriptEvaluateAsync(OrderCache.GuardScript, keys, values);
    }

    /// <summary>How many of the first orders go into a call.</summary>
    /// <param name="entries">Orders, at least one.</param>
    /// <param name="most">Orders in a call at most.</param>
    internal static int CountOfCall(ReadOnlySpan<CacheEntry> entries, int most)
    {
        var (count, bytes) = (0, 0L);
        while (count < entries.Length && count < most)
        {
            bytes += entries[count].Body?.Length ?? 0;
            if (count > 0 && bytes > MostBytes)
            {
                break;
            }

            count++;
        }

        return count;
    }
}
