using Npgsql;
using Orders.Domain.Cache;
using Orders.ServiceDefaults;
using StackExchange.Redis;
using IRedis = Orders.ServiceDefaults.IRedis;

namespace Orders.Sync.Cache;

/// <summary>
/// Vouches for Redis, so that nothing stale is served after it was away: readers trust it only while this says so, which it does only while no repair
/// is open. A server that restarted, failed over or was flushed is emptied of orders first: its data may be from before writes that it had acknowledged.
/// One that was away without that is vouched for again when it has every change from before it was found again.
/// </summary>
internal sealed partial class CacheVouch(NpgsqlDataSource database, IRedis redis, OrderCacheWriter writer, ILogger<CacheVouch> logger)
{
    /// <summary>An entry younger than this is most likely being written right now, by this instance or another.</summary>
    public static readonly TimeSpan InFlight = TimeSpan.FromSeconds(3);

    private (int Interruptions, int Failures) _troubles;

    // By Postgres' clock; null while the server is away.
    private DateTime? _foundAt;

    private (int Interruptions, int Failures) Troubles => (redis.Interruptions, writer.Failures);

    /// <summary>Makes sure that the server holds no order from before its start.</summary>
    /// <returns>The server's run id, to vouch for; null when Redis is away.</returns>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        var troubles = Troubles;
        var runId = redis.Database is { } cache ? await TryPrepareAsync(cache, cancellationToken) : null;
        if (runId is null)
        {
            _foundAt = null;
        }
        else if (_foundAt is null || troubles != _troubles)
        {
            (_foundAt, _troubles) = (await ReadClockAsync(cancellationToken), troubles);
        }

        return runId;
    }

    private async Task<string?> TryPrepareAsync(IDatabase cache, CancellationToken cancellationToken)
    {
        try
        {
            var runId = await cache.RunIdAsync().WaitAsync(cancellationToken);
            if (await cache.StringGetAsync(OrderCache.Purged).WaitAsync(cancellationToken) != runId)
            {
                await cache.KeyDeleteAsync(OrderCache.Vouched).WaitAsync(cancellationToken);
                var count = await CachePurge.RunAsync(cache, cancellationToken);
                await cache.StringSetAsync(OrderCache.Purged, runId).WaitAsync(cancellationToken);
                LogPurged(count);
            }

            return runId;
        }
        catch (Exception failure) when (RedisFaults.IsNoAnswer(failure) && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Vouches for the server unless it lacks a change; takes the word back when it does.</summary>
    /// <param name="runId">From <see cref="PrepareAsync"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether Redis has answered. Without an answer nobody vouches for it once the last word has run out.</returns>
    public async Task<bool> RenewAsync(string runId, CancellationToken cancellationToken)
    {
        if (redis.Database is not { } cache)
        {
            return false;
        }

        var complete = _foundAt is { } foundAt && _troubles == Troubles && !await HasOpenRepairsAsync(foundAt, cancellationToken);
        try
        {
            var renewed = complete
                ? cache.StringSetAsync(OrderCache.Vouched, runId, OrderCache.VouchLifetime)
                : cache.KeyDeleteAsync(OrderCache.Vouched);
            await renewed.WaitAsync(cancellationToken);
            return true;
        }
        catch (Exception failure) when (RedisFaults.IsNoAnswer(failure) && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<DateTime> ReadClockAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT clock_timestamp()");
        return (DateTime)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    // What was being written when the server was away may have failed, however young it is.
    private async Task<bool> HasOpenRepairsAsync(DateTime foundAt, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT EXISTS (SELECT FROM sync.cache_repairs WHERE created_at < greatest(clock_timestamp() - $1, $2))");
        command.Parameters.Add(new() { Value = InFlight });
        command.Parameters.Add(new() { Value = foundAt });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis has started, failed over or was flushed; {Count} orders of before are removed from it")]
    private partial void LogPurged(int count);
}
