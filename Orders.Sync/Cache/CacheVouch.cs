using Npgsql;
using Orders.Domain.Cache;
using Orders.ServiceDefaults;
using StackExchange.Redis;
using IRedis = Orders.ServiceDefaults.IRedis;

namespace Orders.Sync.Cache;

/// <summary>
/// Vouches for Redis, so that nothing stale is served after it was away: readers trust it only while this says so, which it does only while no repair
/// is open. A server that restarted, failed over or was flushed is emptied of orders first: its data may be from before writes that it had acknowledged.
/// </summary>
internal sealed partial class CacheVouch(NpgsqlDataSource database, IRedis redis, ILogger<CacheVouch> logger)
{
    /// <summary>An entry younger than this is most likely being written right now, by this instance or another.</summary>
    public static readonly TimeSpan InFlight = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    /// <summary>Makes sure that the server holds no order from before its start.</summary>
    /// <returns>The server's run id, to vouch for; null when Redis is away.</returns>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        if (redis.Database is not { } cache)
        {
            return null;
        }

        try
        {
            var runId = await cache.RunIdAsync().WaitAsync(AnswerLimit, cancellationToken);
            if (await cache.StringGetAsync(OrderCache.Purged).WaitAsync(AnswerLimit, cancellationToken) != runId)
            {
                await cache.KeyDeleteAsync(OrderCache.Vouched).WaitAsync(AnswerLimit, cancellationToken);
                var count = await CachePurge.RunAsync(cache, cancellationToken);
                await cache.StringSetAsync(OrderCache.Purged, runId).WaitAsync(AnswerLimit, cancellationToken);
                LogPurged(count);
            }

            return runId;
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Vouches for the server unless it lacks a change; takes the word back when it does.</summary>
    /// <param name="runId">From <see cref="PrepareAsync"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task RenewAsync(string runId, CancellationToken cancellationToken)
    {
        if (redis.Database is not { } cache)
        {
            return;
        }

        var complete = !await HasOpenRepairsAsync(cancellationToken);
        try
        {
            var renewed = complete
                ? cache.StringSetAsync(OrderCache.Vouched, runId, OrderCache.VouchLifetime)
                : cache.KeyDeleteAsync(OrderCache.Vouched);
            await renewed.WaitAsync(AnswerLimit, cancellationToken);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
        {
            // Nobody vouches for it then, which is right.
        }
    }

    private async Task<bool> HasOpenRepairsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT EXISTS (SELECT FROM sync.cache_repairs WHERE created_at < clock_timestamp() - $1)");
        command.Parameters.Add(new() { Value = InFlight });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis has started, failed over or was flushed; {Count} orders of before are removed from it")]
    private partial void LogPurged(int count);
}
