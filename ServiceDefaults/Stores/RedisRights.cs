using StackExchange.Redis;

namespace Orders.ServiceDefaults.Stores;

/// <summary>Separates a wrong set-up of Redis from an outage: waiting does not fix the first.</summary>
internal static class RedisRights
{
    private const string Password = "refuses the password, or asks for one that is not set (ConnectionStrings__redis, Orders__RedisPassword)";

    private const string NoDatabase = "has no database of this number: mend defaultDatabase in ConnectionStrings__redis";

    // Runs every command of the scripts on a key that no order has, and leaves nothing behind. Keep it in
    // step with CacheScripts.
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

    private static readonly RedisKey Key = "orders:probe";
    private static readonly RedisValue Version = "v";

    /// <summary>Describes the fault without secrets; null for none.</summary>
    /// <param name="database">Any database of the connection.</param>
    public static async Task<string?> FindFaultAsync(IDatabase database)
    {
        var servers = database.ConnectedServers().ToList();
        if (servers.Count > 0 && servers.TrueForAll(server => server.IsReplica))
        {
            return "is a replica, which takes no writes: name the primary";
        }
        // 0 when the server does not report it.
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
            // Other errors do not concern the set-up: full, busy, still loading.
            return Describe(refused.Message);
        }
    }

    /// <summary>
    /// The error with which the server rejected a connection; null for a lost or impossible one.
    /// </summary>
    /// <param name="failure">The failure of a command without a connection.</param>
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
