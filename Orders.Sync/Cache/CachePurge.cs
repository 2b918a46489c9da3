using Orders.Domain.Cache;
using Orders.ServiceDefaults;
using StackExchange.Redis;

namespace Orders.Sync.Cache;

/// <summary>Removes every order from Redis. They come back as they are read.</summary>
internal static class CachePurge
{
    private const int PageSize = 1_000;

    /// <summary>Removes them, page by page.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<int> RunAsync(IDatabase database, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var server in database.ConnectedServers())
        {
            await foreach (var page in server.KeysAsync(database.Database, OrderCache.KeyPattern, PageSize).Chunk(PageSize).WithCancellation(cancellationToken))
            {
                await Task.WhenAll(page.Select(key => database.KeyDeleteAsync(key)));
                count += page.Length;
            }
        }

        return count;
    }
}
