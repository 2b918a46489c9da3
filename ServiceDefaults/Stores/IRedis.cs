using StackExchange.Redis;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// Redis as a cache: it may be unavailable or not configured, and nothing fails because of it. One
/// connection for each service, made in the background.
/// </summary>
public interface IRedis
{
    /// <summary>
    /// Whether <c>ConnectionStrings:redis</c> is set. If not, <see cref="Database"/> is always null.
    /// </summary>
    bool IsConfigured { get; }

    /// <summary>Whether commands can be sent now.</summary>
    bool IsConnected { get; }

    /// <summary>
    /// How often the connection for commands was lost, or could not be made. If the number has changed,
    /// Redis may have missed something meanwhile.
    /// </summary>
    int Interruptions { get; }

    /// <summary>
    /// For commands; null while Redis is unavailable: skip it then. A command without a response fails with
    /// a <see cref="TimeoutException"/> after 2 to 3 s; use <see cref="TryAsync{T}"/> when a request waits.
    /// </summary>
    IDatabase? Database { get; }

    /// <summary>
    /// The connection itself, for instrumentation: completes when it is made in the background, whether or
    /// not Redis answers yet; null when <see cref="IsConfigured"/> is false. It stays the same for the life
    /// of the service. Never fails.
    /// </summary>
    Task<IConnectionMultiplexer?> Connection { get; }

    /// <summary>
    /// For channels; null while Redis is unavailable. The client renews subscriptions after a lost
    /// connection.
    /// </summary>
    ISubscriber? Subscriber { get; }

    /// <summary>
    /// Runs <paramref name="use"/> if Redis is available, with a time limit that suits a cache.
    /// </summary>
    /// <returns>The result, or none when Redis is unavailable, too slow or returns an error; it never throws
    /// for these.</returns>
    Task<RedisAnswer<T>> TryAsync<T>(Func<IDatabase, Task<T>> use, CancellationToken cancellationToken = default);

    /// <summary>
    /// Checks the set-up of Redis: waiting does not fix a wrong password, a missing permission or a replica.
    /// </summary>
    /// <returns>The fault and its remedy, as the rest of a sentence about Redis; null for none. No answer
    /// when Redis is unavailable.</returns>
    async Task<RedisAnswer<string?>> FindFaultAsync(CancellationToken cancellationToken = default)
    {
        var ping = await TryAsync(database => database.PingAsync(), cancellationToken);
        return new(ping.Answered, null);
    }
}
