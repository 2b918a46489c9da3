using System.Globalization;
using System.Text;
using Npgsql;
using Orders.Domain.Cache;
using Orders.ServiceDefaults.Stores;
using Orders.Sync.Projection;
using StackExchange.Redis;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Sync.Cache;

/// <summary>
/// Writes changes to Redis: announces them before the commit, completes them afterwards, and publishes them
/// to readers. When Redis is unavailable or slow, the pipeline waits a bounded time until no reader trusts
/// it, and then continues without it.
/// </summary>
internal sealed partial class OrderCacheWriter(
    IRedis redis, CacheFilling filling, CacheSuspension suspension, TimeProvider time, ILogger<OrderCacheWriter> logger)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    private readonly CircuitBreaker _breaker = new(BreakDuration, time);

    /// <summary>
    /// Makes sure that changes of the stream can be committed: announces them, or waits until no reader
    /// trusts Redis.
    /// </summary>
    /// <param name="changes">The newest version of each order.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>What to add to the transaction, and to pass afterwards to
    /// <see cref="CompleteAsync(CacheCommit, ChangeSet, IReadOnlySet{Guid}, CancellationToken)"/>.</returns>
    public Task<CacheCommit> BeginAsync(IReadOnlyCollection<OrderChange> changes, CancellationToken cancellationToken) =>
        BeginAsync([.. changes.Select(change => (change.OrderId, change.RaisesVersion ? change.Version.ToString(CultureInfo.InvariantCulture) : CacheCalls.NoVersion))], "", cancellationToken);

    /// <summary>The same for orders that are not written by the stream, at any version.</summary>
    public Task<CacheCommit> BeginBesideAsync(IEnumerable<Guid> orderIds, CancellationToken cancellationToken) =>
        BeginAsync([.. orderIds.Select(orderId => (orderId, CacheCalls.NoVersion))], OrderCache.BesideTheStream, cancellationToken);

    /// <summary>
    /// Completes announced changes after their commit, and publishes every change. Never throws: readers
    /// ignore an entry that is not completed.
    /// </summary>
    /// <param name="commit">From
    /// <see cref="BeginAsync(IReadOnlyCollection{OrderChange}, CancellationToken)"/>.</param>
    /// <param name="changes">What is committed.</param>
    /// <param name="refused">Orders of which Postgres kept another version: their announcement is
    /// withdrawn.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether Redis accepted all of it.</returns>
    public async Task<bool> CompleteAsync(CacheCommit commit, ChangeSet changes, IReadOnlySet<Guid> refused, CancellationToken cancellationToken)
    {
        var isOfStream = commit.Ticket?.StartsWith(OrderCache.BesideTheStream, StringComparison.Ordinal) != true;
        CacheEntry[] entries =
        [
            .. changes.Newest.Where(change => !refused.Contains(change.OrderId))
                .Select(change => new CacheEntry(change.OrderId, change.Version, change.Order.MerchantId, change.IsDeletion ? null : change.Body) { IsToldByVersion = isOfStream && change.RaisesVersion }),
        ];
        var completed = await CompleteAsync(commit, entries, refused, cancellationToken);

        // Fire and forget: a lost message only makes waiting readers wait a moment longer.
        if ((commit.Keys ?? filling.Keys) is { } keys)
        {
            _ = redis.Subscriber?.PublishAsync(RedisChannel.Literal(keys.Changes), Message(changes.Versions), CommandFlags.FireAndForget);
        }

        return completed;
    }

    /// <summary>Completes orders, and withdraws the announcements of others.</summary>
    /// <returns>Whether Redis accepted all of them.</returns>
    public async Task<bool> CompleteAsync(CacheCommit commit, CacheEntry[] entries, IReadOnlyCollection<Guid> withdrawn, CancellationToken cancellationToken) =>
        commit is { Ticket: { } ticket, Filling: { } filling, Keys: { } keys } && redis.Database is { } database
        && await TryAsync(() => [.. CacheCalls.Complete(database, keys, ticket, filling, entries), .. CacheCalls.Withdraw(database, keys, ticket, withdrawn)], entries.Length, cancellationToken);

    /// <summary>
    /// Invalidates orders of which Redis misses a committed change, and fences them against delayed writes.
    /// </summary>
    /// <returns>Whether Redis accepted all of them.</returns>
    public async Task<bool> InvalidateAsync(IReadOnlyCollection<Guid> orderIds, CancellationToken cancellationToken) =>
        redis.Database is { } database && filling.Keys is { } keys && await TryAsync(() => CacheCalls.InvalidateAndFence(database, keys, NewTicket(), orderIds), orderIds.Count, cancellationToken);

    /// <summary>
    /// A commit failed because its condition no longer holds: the state of Redis is read again.
    /// </summary>
    public void Refused(PostgresException refusal)
    {
        if (refusal.SqlState == ReadModelSqlStates.CacheIdentityLost)
        {
            filling.Forget();
        }
        else
        {
            suspension.Forget();
        }
    }

    private async Task<CacheCommit> BeginAsync(IReadOnlyList<(Guid OrderId, string Version)> changes, string kind, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
        {
            return CacheCommit.Nothing;
        }

        while (true)
        {
            if (await TryAnnounceAsync(changes, kind, cancellationToken) is { } announced)
            {
                return announced;
            }

            if (await suspension.IsSettledAsync(redis.IsConfigured ? "Redis does not take changes" : "Redis is not configured", !redis.IsConfigured, cancellationToken))
            {
                return CacheCommit.Past(suspension.Owner, redis.IsConfigured ? [.. changes.Select(change => change.OrderId)] : []);
            }

            await Task.Delay(BetweenTries, time, cancellationToken);
        }
    }

    private async Task<CacheCommit?> TryAnnounceAsync(IReadOnlyList<(Guid OrderId, string Version)> changes, string kind, CancellationToken cancellationToken)
    {
        if (redis.Database is not { } database || _breaker.IsOpen || await filling.CurrentAsync(AnswerLimit, cancellationToken) is not { } identity)
        {
            return null;
        }

        var announced = CacheCommit.Announced(kind + NewTicket(), identity);
        return await TryAsync(() => CacheCalls.Announce(database, announced.Keys!, announced.Ticket!, announced.Filling!, changes), changes.Count, cancellationToken) ? announced : null;
    }

    private string NewTicket() => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");

    private async Task<bool> TryAsync(Func<List<Task>> send, int count, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(send()).WaitAsync(AnswerLimit, time, cancellationToken);
            return true;
        }
        catch (Exception failure) when (RedisFaults.IsNoAnswer(failure) && !cancellationToken.IsCancellationRequested)
        {
            _breaker.Open();
            LogNoAnswer(count, failure.Message);
            return false;
        }
    }

    private static string Message(IReadOnlyList<OrderChange> changes)
    {
        var message = new StringBuilder(changes.Count * 64);
        foreach (var change in changes)
        {
            new ChangeMessage(change.OrderId, change.Version, change.Order.MerchantId, change.Kind).Write(message);
        }

        return message.ToString();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis did not take {Count} orders: {Reason}")]
    private partial void LogNoAnswer(int count, string reason);
}
