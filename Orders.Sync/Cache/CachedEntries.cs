using Orders.Domain.Cache;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;
using StackExchange.Redis;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Sync.Cache;

/// <summary>
/// Reads this read model's orders in Redis. An announced entry does not count as an order.
/// </summary>
internal sealed class CachedEntries(IRedis redis, ICacheTables tables)
{
    /// <summary>The COUNT of a SCAN step: about this many keys are returned.</summary>
    private const int ScanCount = 1_000;

    private static readonly RedisValue[] Fields = [OrderCache.VersionField, OrderCache.MerchantField, OrderCache.BodyField, OrderCache.TicketField];

    /// <summary>Whether there is a Redis to compare.</summary>
    public bool IsConfigured => redis.IsConfigured;

    /// <summary>Reads the entries that exist.</summary>
    /// <exception cref="SettingsException">Redis is unavailable.</exception>
    public async Task<Dictionary<Guid, CachedEntry>> ReadAsync(IReadOnlyCollection<Guid> orderIds, CancellationToken cancellationToken)
    {
        var entries = new Dictionary<Guid, CachedEntry>();
        if (!redis.IsConfigured || orderIds.Count == 0 || await tables.ReadAsync() is not { Keys: var keys })
        {
            return entries;
        }

        var reads = await AskAsync(
            database => Task.WhenAll(orderIds.Select(async orderId => (orderId, Values: await database.HashGetAsync(keys.Order(orderId), Fields)))), cancellationToken);
        foreach (var (orderId, values) in reads)
        {
            if (values[3].IsNull && Array.Exists(values, value => !value.IsNull))
            {
                entries[orderId] = new CachedEntry(values[0], values[1], values[2].IsNull ? null : (byte[])values[2]!);
            }
        }

        return entries;
    }

    /// <summary>
    /// Scans the keys of all orders, a step at a time. A key may come twice; a key that exists during the
    /// whole scan comes at least once.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<Guid>> WalkAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await tables.ReadAsync() is not { Keys: var keys })
        {
            yield break;
        }

        var cursor = "0";
        do
        {
            var answer = (RedisResult[])(await AskAsync(database => database.ExecuteAsync("SCAN", cursor, "MATCH", keys.OrderPattern, "COUNT", ScanCount), cancellationToken))!;
            cursor = (string)answer[0]!;
            yield return [.. ((string[])answer[1]!).Select(keys.OrderOf).OfType<Guid>()];
        }
        while (cursor != "0");
    }

    // Without a response, a comparison would report no difference.
    private async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(redis.Database ?? throw new TimeoutException("it is not connected")).WaitAsync(cancellationToken);
        }
        catch (Exception away) when (RedisFaults.IsNoAnswer(away) && !cancellationToken.IsCancellationRequested)
        {
            throw new SettingsException("ConnectionStrings__redis", $"Redis does not answer ({away.Message}).", "Start it, or leave it out to go on without it.", away);
        }
    }
}
