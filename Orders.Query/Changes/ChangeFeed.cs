using Orders.Domain.Cache;
using Orders.ServiceDefaults.Stores;
using StackExchange.Redis;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Query.Changes;

/// <summary>
/// Listens to Redis for changes and passes them on. Messages may be lost while Redis is unavailable or
/// between two connections: a listener that needs every change must also read Postgres.
/// </summary>
/// <param name="redis">Redis.</param>
/// <param name="listeners">They get every change.</param>
/// <param name="keys">The names of the read model in Redis: they change with its database or table. Null
/// while they are unknown.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class ChangeFeed(IRedis redis, IEnumerable<IChangeListener> listeners, Func<CacheKeys?> keys, TimeProvider time, ILogger<ChangeFeed> logger)
    : BackgroundService
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(250);

    private readonly IChangeListener[] _listeners = [.. listeners];

    /// <summary>Passes on the changes of a message.</summary>
    internal void Receive(ReadOnlySpan<byte> message)
    {
        if (Array.TrueForAll(_listeners, listener => listener.IsIdle))
        {
            return;
        }

        foreach (var line in message.Split((byte)'\n'))
        {
            if (message[line].IsEmpty)
            {
                continue;
            }

            if (!ChangeMessage.TryRead(message[line], out var change))
            {
                LogStrange(message[line].Length);
                continue;
            }

            foreach (var listener in _listeners)
            {
                listener.OnChange(change);
            }
        }
    }

    private void OnMessage(RedisChannel channel, RedisValue message) => Receive((byte[]?)message);

    // The client renews the subscription itself on every connection after the first.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? heard = null;
        while (redis.IsConfigured)
        {
            if (keys()?.Changes is { } channel && channel != heard && await TrySubscribeAsync(channel))
            {
                Leave(heard);
                heard = channel;
            }

            await Task.Delay(BetweenAttempts, time, stoppingToken);
        }
    }

    private async Task<bool> TrySubscribeAsync(string channel)
    {
        try
        {
            if (redis.Subscriber is not { } subscriber)
            {
                return false;
            }
            // The client keeps the handler of a failed attempt, and would call it in addition to the next
            // one.
            await subscriber.UnsubscribeAsync(RedisChannel.Literal(channel), OnMessage, CommandFlags.FireAndForget);
            await subscriber.SubscribeAsync(RedisChannel.Literal(channel), OnMessage);
            return true;
        }
        catch (Exception failure) when (RedisFaults.IsNoAnswer(failure))
        {
            LogNotSubscribed(failure.Message);
            return false;
        }
    }

    private void Leave(string? channel)
    {
        if (channel is not null)
        {
            _ = redis.Subscriber?.UnsubscribeAsync(RedisChannel.Literal(channel), OnMessage, CommandFlags.FireAndForget);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A line of {Length} bytes in the change feed is none that is known here")]
    private partial void LogStrange(int length);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Not subscribed to the change feed yet: {Reason}")]
    private partial void LogNotSubscribed(string reason);
}
