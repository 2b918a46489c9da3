using StackExchange.Redis;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// Redis as the cache that it is: it may be away, or not be there at all, and nothing fails for it. One
/// connection for each service, made in the background.
/// </summary>
public interface IRedis
{
    /// <summary>
    /// Whether <c>ConnectionStrings:redis</c> is set. When not, <see cref="Database"/> is null for ever.
    /// </summary>
    bool IsConfigured { get; }

    /// <summary>Whether commands can be sent now.</summary>
    bool IsConnected { get; }

    /// <summary>
    /// How often the connection for commands was lost, or could not be made. Who finds another number than
    /// before knows that Redis may have missed something meanwhile, however short it was.
    /// </summary>
    int Interruptions { get; }

    /// <summary>
    /// For commands, null while Redis is away: skip it then. A command without an answer fails with a
    /// <see cref="TimeoutException"/> after 2 to 3 s; prefer <see cref="TryAsync{T}"/> where somebody waits.
    /// </summary>
    IDatabase? Database { get; }

    /// <summary>
    /// The connection itself, for instrumentation: ends once it is made in the background, whether or not
    /// Redis answers yet, with null when <see cref="IsConfigured"/> is false. It stays the same for the life
    /// of the service. Never fails.
    /// </summary>
    Task<IConnectionMultiplexer?> Connection { get; }

    /// <summary>
    /// For channels, null while Redis is away. Subscriptions are renewed by the client after a lost
    /// connection.
    /// </summary>
    ISubscriber? Subscriber { get; }

    /// <summary>
    /// Runs <paramref name="use"/> when Redis is there, for as long as a cache is worth waiting for.
    /// </summary>
    /// <returns>Its answer, or none when Redis is away, too slow or refuses; never throws for
    /// these.</returns>
    Task<RedisAnswer<T>> TryAsync<T>(Func<IDatabase, Task<T>> use, CancellationToken cancellationToken = default);

    /// <summary>
    /// Looks whether Redis is set up as it must be: a wrong password, a missing right and a replica are not
    /// mended by waiting.
    /// </summary>
    /// <returns>What is wrong and the way out, the rest of a sentence about Redis; null when nothing is. No
    /// answer where it is away.</returns>
    async Task<RedisAnswer<string?>> FindFaultAsync(CancellationToken cancellationToken = default)
    {
        var ping = await TryAsync(database => database.PingAsync(), cancellationToken);
        return new(ping.Answered, null);
    }
}
