using Orders.Domain.Cache;
using Orders.ServiceDefaults;
using StackExchange.Redis;
using IRedis = Orders.ServiceDefaults.IRedis;

namespace Orders.Sync.Reconciling;

/// <summary>Reads the orders that Redis has, and replaces them.</summary>
internal sealed class CachedEntries(IRedis redis)
{
    /// <summary>Keys asked for in a step of a walk through Redis; it answers about so many.</summary>
    private const int ScanCount = 1_000;

    private static readonly RedisValue[] Fields = [OrderCache.VersionField, OrderCache.MerchantField, OrderCache.BodyField];
    private static readonly string KeyPrefix = OrderCache.Key(Guid.Empty)[..^Guid.Empty.ToString("D").Length];

    /// <summary>Whether there is a Redis to compare.</summary>
    public bool IsConfigured => redis.IsConfigured;

    /// <summary>The entries that are there.</summary>
    /// <exception cref="SettingsException">Redis is away.</exception>
    public async Task<Dictionary<Guid, CachedEntry>> ReadAsync(IReadOnlyCollection<Guid> orderIds, CancellationToken cancellationToken)
    {
        var entries = new Dictionary<Guid, CachedEntry>();
        if (!redis.IsConfigured || orderIds.Count == 0)
        {
            return entries;
        }

        var reads = await AskAsync(
            database => Task.WhenAll(orderIds.Select(async orderId => (orderId, Values: await database.HashGetAsync(OrderCache.Key(orderId), Fields)))), cancellationToken);
        foreach (var (orderId, values) in reads)
        {
            if (Array.Exists(values, value => !value.IsNull))
            {
                entries[orderId] = new CachedEntry(values[0], values[1], values[2].IsNull ? null : (byte[])values[2]!);
            }
        }

        return entries;
    }

    /// <summary>Walks through every order's key, a step at a time. A key may come twice; one that is there all the time comes at least once.</summary>
    public async IAsyncEnumerable<IReadOnlyList<Guid>> WalkAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = "0";
        do
        {
            var answer = (RedisResult[])(await AskAsync(database => database.ExecuteAsync("SCAN", cursor, "MATCH", KeyPrefix + "*", "COUNT", ScanCount), cancellationToken))!;
            cursor = (string)answer[0]!;
            var orderIds = new List<Guid>();
            foreach (var key in (string[])answer[1]!)
            {
                if (Guid.TryParseExact(key.AsSpan(KeyPrefix.Length), "D", out var orderId))
                {
                    orderIds.Add(orderId);
                }
            }

            yield return orderIds;
        }
        while (cursor != "0");
    }

    /// <summary>Puts an order in the place of whatever is there, in one step.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="version">Its version, of a tombstone the deletion's; null to leave nothing there.</param>
    /// <param name="merchantId">Its merchant.</param>
    /// <param name="body">The rendered order; null for a tombstone.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task ReplaceAsync(Guid orderId, long? version, string merchantId, byte[]? body, CancellationToken cancellationToken) => AskAsync(
        async database =>
        {
            var both = database.CreateTransaction();
            RedisKey key = OrderCache.Key(orderId);
            var effects = new List<Task> { both.KeyDeleteAsync(key) };
            if (version is not null)
            {
                var lifetime = body is null ? OrderCache.TombstoneLifetime : OrderCache.OrderLifetime;
                effects.Add(both.ScriptEvaluateAsync(OrderCache.GuardScript, [key], [version.Value, merchantId, body ?? RedisValue.EmptyString, (long)lifetime.TotalSeconds]));
            }

            await both.ExecuteAsync();
            await Task.WhenAll(effects);
            return true;
        },
        cancellationToken);

    // Comparing without an answer would say that all is well.
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
