using StackExchange.Redis;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// Tells a Redis that is set up wrongly from one that is away: waiting does not help against the first.
/// </summary>
internal static class RedisRights
{
    private const string Password = "refuses the password, or asks for one that is not set (ConnectionStrings__redis, Orders__RedisPassword)";

    private const string NoDatabase = "has no database of this number: mend defaultDatabase in ConnectionStrings__redis";

    // Asks for nothing that is there, and leaves nothing: every command of the scripts, on a key that no
    // order has. It must stay in step with CacheScripts.
    private const string Script =
        """
        redis.call('HMGET', KEYS[1], 'v')
        redis.call('EXISTS', KEYS[1])
        redis.call('HSET', KEYS[1], 'v', '0')
        redis.call('PEXPIRE', KEYS[1], 1000)
        redis.call('EXPIRE', KEYS[1], 1)
        redis.call('HGET', KEYS[1], 'v')
        return redis.call('DEL', KEYS[1])
        """;

    private static readonly RedisKey Key = "order:probe";
    private static readonly RedisValue Version = "v";

    /// <summary>What is wrong, in words that anybody may read; null when nothing is.</summary>
    /// <param name="database">Any database of the connection.</param>
    public static async Task<string?> FindFaultAsync(IDatabase database)
    {
        var servers = database.ConnectedServers().ToList();
        if (servers.Count > 0 && servers.TrueForAll(server => server.IsReplica))
        {
            return "is a replica, which takes no writes: name the primary";
        }
        // 0 when the server does not tell.
        var databases = servers.Count == 0 ? 0 : servers.Max(server => server.DatabaseCount);
        if (databases > 0 && database.Database >= databases)
        {
            return NoDatabase;
        }

        try
        {
            await Task.WhenAll(
            [
                database.PingAsync(), database.HashGetAllAsync(Key), database.HashGetAsync(Key, Version), database.StringGetAsync(Key),
                database.ScriptEvaluateAsync(Script, [Key]), .. servers.Select(server => server.InfoAsync("server")),
            ]);
            return null;
        }
        catch (RedisServerException refused)
        {
            // Another error says nothing of the setup: full, busy, still loading.
            return Describe(refused.Message);
        }
    }

    /// <summary>What a connection was refused with; null where it was lost, or there is nobody.</summary>
    /// <param name="failure">What a command without a connection failed with.</param>
    public static string? Refusal(Exception? failure) => failure switch
    {
        null => null,
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } => Password,
        _ => Refusal(failure.InnerException),
    };

    private static string? Describe(string error) =>
        error.Contains("NOPERM", StringComparison.Ordinal) || error.Contains("ACL failure", StringComparison.Ordinal)
            ? "denies its user a command, a key or a channel that is needed (ACL: ~* &* +@all -@dangerous +info +keys +scan)"
        : error.Contains("DB index is out of range", StringComparison.Ordinal) ? NoDatabase
        : error.Contains("READONLY", StringComparison.Ordinal) ? "takes no writes: name the primary"
        : error.Contains("NOAUTH", StringComparison.Ordinal) || error.Contains("WRONGPASS", StringComparison.Ordinal) ? Password
        : null;
}
