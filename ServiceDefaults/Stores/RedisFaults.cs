using StackExchange.Redis;

namespace Orders.ServiceDefaults.Stores;

/// <summary>What can go wrong with Redis.</summary>
public static class RedisFaults
{
    /// <summary>
    /// Whether a command failed because Redis is away, too slow, or refuses it. Also true of a cancellation,
    /// since the client cancels what is under way when its connection closes: exclude one that the caller
    /// asked for.
    /// </summary>
    /// <param name="failure">What a command failed with.</param>
    public static bool IsNoAnswer(Exception failure) =>
        failure is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException or OperationCanceledException;
}
