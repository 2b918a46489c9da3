using Orders.Domain.Cache;
using Orders.ServiceDefaults.Stores;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Sync.Cache;

/// <summary>
/// Keeps Redis correct. It purges a Redis that is new or has old data, removes entries that missed changes
/// (<c>sync.cache_repairs</c>), then lifts the suspension, and sends a heartbeat while this instance
/// announces its changes there.
/// </summary>
internal sealed partial class CacheRepairService(
    ICacheTables tables, IRedis redis, OrderCacheWriter cache, CacheFilling filling, CacheSuspension suspension, TimeProvider time, ILogger<CacheRepairService> logger)
    : BackgroundService
{
    /// <summary>Repair entries handled at a time; each names at most the orders of one batch.</summary>
    private const int Entries = 4;

    private long _beats;

    /// <summary>Runs one round.</summary>
    /// <returns>Whether nothing is left for this instance to repair.</returns>
    public async Task<bool> TurnAsync(CancellationToken cancellationToken)
    {
        if (!redis.IsConfigured || await filling.EnsureAsync() is null)
        {
            return false;
        }

        while (await MendAsync(cancellationToken) is { } mended)
        {
            if (!mended)
            {
                return false;
            }
        }

        return await suspension.TryLiftAsync(cancellationToken);
    }

    /// <summary>Repeats rounds and heartbeats until it is stopped.</summary>
    internal async Task RunAsync(CancellationToken stoppingToken)
    {
        if (!redis.IsConfigured)
        {
            return;
        }

        using var timer = new PeriodicTimer(OrderCache.BeatInterval, time);
        do
        {
            try
            {
                await TurnAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Any failure: the stream must continue, and the next round may succeed. A suspension stays
                // meanwhile.
                LogFailed(failure);
            }

            await BeatAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    // Readers without an answer from Postgres trust Redis while its writers send heartbeats. So heartbeats
    // must not depend on Postgres.
    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (!suspension.AllowsReading || !filling.IsKnown || filling.Keys is not { } keys || redis.Database is not { } cache)
        {
            return;
        }

        try
        {
            await Task.WhenAll(
                cache.HashSetAsync(keys.Writers, suspension.Owner, ++_beats),
                cache.KeyExpireAsync(keys.Writers, OrderCache.BeatLifetime),
                cache.KeyExpireAsync(keys.Identity, OrderCache.MarkLifetime)).WaitAsync(cancellationToken);
        }
        catch (Exception failure) when (RedisFaults.IsNoAnswer(failure) && !cancellationToken.IsCancellationRequested)
        {
            // Without Redis there is no heartbeat, which is correct.
        }
    }

    /// <summary>
    /// Repairs the oldest entries: it removes the orders, and the next reader fills them from Postgres.
    /// </summary>
    /// <returns>Null when there are none; false when Redis failed.</returns>
    private async Task<bool?> MendAsync(CancellationToken cancellationToken)
    {
        var (repairIds, orderIds) = await tables.ReadRepairsAsync(Entries, cancellationToken);
        if (repairIds.Length == 0)
        {
            return null;
        }

        if (!await cache.InvalidateAsync(orderIds, cancellationToken))
        {
            return false;
        }

        await tables.DeleteRepairsAsync(repairIds, cancellationToken);
        LogMended(orderIds.Count);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} orders that Redis lacked a change of are removed from it")]
    private partial void LogMended(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Looking after the cache failed")]
    private partial void LogFailed(Exception failure);
}
