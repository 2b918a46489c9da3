using StackExchange.Redis;

namespace Orders.ServiceDefaults.Stores;

/// <summary>Classifies failures of Redis.</summary>
public static class RedisFaults
{
    /// <summary>
    /// Whether a command failed because Redis is unavailable, too slow, or returned an error. Also true for
    /// a cancellation, since the client cancels running commands when its connection closes: exclude your
    /// own cancellation first.
    /// </summary>
    /// <param name="failure">The failure of a command.</param>
    public static bool IsNoAnswer(Exception failure) =>
        failure is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException or OperationCanceledException;
}
