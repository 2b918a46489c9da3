using System.Globalization;
using System.Text;
using Orders.Domain.Cache;
using Orders.ServiceDefaults;
using Orders.Sync.Projection;
using StackExchange.Redis;
using IRedis = Orders.ServiceDefaults.IRedis;

namespace Orders.Sync.Cache;

/// <summary>
/// Writes orders to Redis, each through the version guard, and tells readers what changed. Redis may be away or slow: the pipeline waits a bounded
/// time, then goes on without it for a while; what is not written is still on the list of repairs.
/// </summary>
internal sealed partial class OrderCacheWriter(IRedis redis, TimeProvider time, ILogger<OrderCacheWriter> logger)
{
    private static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(1);

    private readonly CircuitBreaker _breaker = new(BreakDuration, time);
    private int _failures;

    /// <summary>How often Redis did not take what it was to have.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>Writes the newest version of each order and publishes every change.</summary>
    /// <param name="changes">What is committed.</param>
    /// <param name="refused">Orders of which Postgres has another version: they are not written.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether Redis has all of it.</returns>
    public async Task<bool> TryWriteAsync(ChangeSet changes, IReadOnlySet<Guid> refused, CancellationToken cancellationToken)
    {
        var entries = new CacheEntry[changes.Newest.Count - refused.Count];
        var next = 0;
        foreach (var change in changes.Newest)
        {
            if (!refused.Contains(change.OrderId))
            {
                entries[next++] = new CacheEntry(change.OrderId, change.Version, change.Order.MerchantId, change.IsDeletion ? null : change.Body);
            }
        }

        if (!await TryWriteAsync(entries, cancellationToken))
        {
            return false;
        }

        // Readers wait for these; one that is lost costs them a moment, so nobody waits for the answer.
        _ = redis.Subscriber?.PublishAsync(RedisChannel.Literal(OrderCache.Changes), Message(changes.Versions), CommandFlags.FireAndForget);
        return true;
    }

    /// <summary>Writes orders.</summary>
    /// <returns>Whether Redis has all of them.</returns>
    public Task<bool> TryWriteAsync(CacheEntry[] entries, CancellationToken cancellationToken) =>
        TryAsync(entries.Length, database => GuardedWrites.Send(database, entries), cancellationToken);

    /// <summary>Puts orders in the place of whatever is there, each in one step.</summary>
    /// <param name="orderIds">The orders.</param>
    /// <param name="entries">What is to be there of them; of one without an entry, nothing.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether Redis has all of them.</returns>
    public Task<bool> TryReplaceAsync(IReadOnlyCollection<Guid> orderIds, IReadOnlyList<CacheEntry> entries, CancellationToken cancellationToken)
    {
        var entryOf = entries.ToDictionary(entry => entry.OrderId);
        return TryAsync(orderIds.Count, database => orderIds.Select(orderId => ReplaceAsync(database, orderId, entryOf.GetValueOrDefault(orderId))), cancellationToken);
    }

    private async Task<bool> TryAsync(int count, Func<IDatabase, IEnumerable<Task>> send, CancellationToken cancellationToken)
    {
        if (redis.Database is not { } database || _breaker.IsOpen)
        {
            Interlocked.Increment(ref _failures);
            return false;
        }

        try
        {
            await Task.WhenAll(send(database)).WaitAsync(cancellationToken);
            return true;
        }
        catch (Exception failure) when (RedisFaults.IsNoAnswer(failure) && !cancellationToken.IsCancellationRequested)
        {
            Interlocked.Increment(ref _failures);
            _breaker.Open();
            LogNotWritten(count, failure.Message);
            return false;
        }
    }

    private static async Task ReplaceAsync(IDatabase database, Guid orderId, CacheEntry? entry)
    {
        var both = database.CreateTransaction();
        var effects = new List<Task> { both.KeyDeleteAsync(OrderCache.Key(orderId)) };
        if (entry is not null)
        {
            effects.Add(GuardedWrites.SendCall(both, [entry]));
        }

        await both.ExecuteAsync();
        await Task.WhenAll(effects);
    }

    private static string Message(IReadOnlyList<OrderChange> changes)
    {
        var message = new StringBuilder(changes.Count * 64);
        foreach (var change in changes)
        {
            message.Append(CultureInfo.InvariantCulture, $"{change.OrderId} {change.Version} {change.Order.MerchantId} {change.Kind.Name()}\n");
        }

        return message.ToString();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis did not take {Count} orders; they are on the list of repairs: {Reason}")]
    private partial void LogNotWritten(int count, string reason);
}
