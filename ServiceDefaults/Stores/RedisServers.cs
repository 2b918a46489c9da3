using StackExchange.Redis;

namespace Orders.ServiceDefaults.Stores;

/// <summary>What must be known about Redis as a server, not key by key.</summary>
public static class RedisServers
{
    /// <summary>
    /// Names the present start of the server and the history of its data; of every primary, where there are
    /// several. Another name than before: the server restarted, failed over, or took over the data of
    /// another one, so that its data may be from before writes that it had acknowledged.
    /// </summary>
    /// <param name="database">Any database of the connection.</param>
    /// <returns>Empty when no primary is reached.</returns>
    public static async Task<string> IdentityAsync(this IDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        var identities = await Task.WhenAll(database.ConnectedServers().Select(IdentityAsync));
        return string.Join(',', identities.OfType<string>().Order(StringComparer.Ordinal));
    }

    /// <summary>The servers behind a connection that are reached now.</summary>
    /// <param name="database">Any database of the connection.</param>
    public static IEnumerable<IServer> ConnectedServers(this IDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        return database.Multiplexer.GetEndPoints().Select(endpoint => database.Multiplexer.GetServer(endpoint)).Where(server => server.IsConnected);
    }

    /// <summary>Null for a replica: it follows its primary.</summary>
    private static async Task<string?> IdentityAsync(IServer server)
    {
        var sections = await Task.WhenAll(server.InfoAsync("server"), server.InfoAsync("replication"));
        var info = sections.SelectMany(section => section).SelectMany(section => section).ToLookup(entry => entry.Key, entry => entry.Value);

        // Who becomes a replica of another server takes over its data; who is one no longer has a new
        // replication id.
        return info["role"].Contains("master") && info["run_id"].FirstOrDefault() is { } run ? $"{run}:{info["master_replid"].FirstOrDefault()}" : null;
    }
}
