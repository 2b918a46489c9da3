using StackExchange.Redis;

namespace Orders.ServiceDefaults;

/// <summary>What must be known about Redis as a server, not key by key.</summary>
public static class RedisServers
{
    /// <summary>
    /// Names the present start of the server; of every primary, where there are several. Another name than before: the server restarted or failed
    /// over, and its data may be from before writes that it had acknowledged.
    /// </summary>
    /// <param name="database">Any database of the connection.</param>
    public static async Task<string> RunIdAsync(this IDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        var runs = await Task.WhenAll(database.ConnectedServers().Select(RunIdAsync));
        return string.Join(',', runs.OfType<string>().Order(StringComparer.Ordinal));
    }

    /// <summary>The servers behind a connection that are reached now.</summary>
    /// <param name="database">Any database of the connection.</param>
    public static IEnumerable<IServer> ConnectedServers(this IDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        return database.Multiplexer.GetEndPoints().Select(endpoint => database.Multiplexer.GetServer(endpoint)).Where(server => server.IsConnected);
    }

    /// <summary>Null for a replica: it follows its primary.</summary>
    private static async Task<string?> RunIdAsync(IServer server)
    {
        var info = (await server.InfoAsync()).SelectMany(section => section).ToLookup(entry => entry.Key, entry => entry.Value);
        return info["role"].Contains("master") ? info["run_id"].FirstOrDefault() : null;
    }
}
