using Orders.ServiceDefaults.Stores;
using StackExchange.Redis;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Tests.Query;

/// <summary>A real Redis whose next answer comes when the test lets it.</summary>
internal sealed class HeldRedis(IRedis redis) : IRedis
{
    private Task? _next;

    public bool IsConfigured => redis.IsConfigured;

    public bool IsConnected => redis.IsConnected;

    public int Interruptions => redis.Interruptions + Lost;

    /// <summary>How often the connection was lost beside what really happened to it.</summary>
    public int Lost { get; set; }

    public Task<IConnectionMultiplexer?> Connection => redis.Connection;

    public IDatabase? Database => redis.Database;

    public ISubscriber? Subscriber => redis.Subscriber;

    /// <summary>
    /// Keeps back the next answer, which Redis has given, until <paramref name="release"/> ends.
    /// </summary>
    public void HoldNext(Task release) => _next = release;

    public async Task<RedisAnswer<T>> TryAsync<T>(Func<IDatabase, Task<T>> use, CancellationToken cancellationToken = default)
    {
        var held = Interlocked.Exchange(ref _next, null);
        var answer = await redis.TryAsync(use, cancellationToken);
        if (held is not null)
        {
            await held;
        }

        return answer;
    }
}
