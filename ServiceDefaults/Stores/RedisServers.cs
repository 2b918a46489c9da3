using StackExchange.Redis;

namespace Orders.ServiceDefaults.Stores;

/// <summary>Information about the Redis servers of a connection.</summary>
public static class RedisServers
{
    /// <summary>
    /// Identifies the current start of the server and the history of its data, for every primary. If the
    /// identity has changed, the server restarted, failed over or took over data of another one, and may
    /// have lost writes that it had acknowledged.
    /// </summary>
    /// <param name="database">Any database of the connection.</param>
    /// <returns>Empty when no primary is reachable.</returns>
    public static async Task<string> IdentityAsync(this IDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        var identities = await Task.WhenAll(database.ConnectedServers().Select(IdentityAsync));
        return string.Join(',', identities.OfType<string>().Order(StringComparer.Ordinal));
    }

    /// <summary>The servers of a connection that are connected now.</summary>
    /// <param name="database">Any database of the connection.</param>
    public static IEnumerable<IServer> ConnectedServers(this IDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        return database.Multiplexer.GetEndPoints().Select(endpoint => database.Multiplexer.GetServer(endpoint)).Where(server => server.IsConnected);
    }

    /// <summary>Null for a replica.</summary>
    private static async Task<string?> IdentityAsync(IServer server)
    {
        var sections = await Task.WhenAll(server.InfoAsync("server"), server.InfoAsync("replication"));
        var info = sections.SelectMany(section => section).SelectMany(section => section).ToLookup(entry => entry.Key, entry => entry.Value);

        // A server that becomes a replica takes over its primary's data; one that stops being a replica gets
        // a new replication id.
        return info["role"].Contains("master") && info["run_id"].FirstOrDefault() is { } run ? $"{run}:{info["master_replid"].FirstOrDefault()}" : null;
    }
}
