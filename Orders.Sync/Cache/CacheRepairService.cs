using Orders.Domain.Cache;
using Orders.ServiceDefaults.Stores;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Sync.Cache;

/// <summary>
/// Looks after Redis: empties one that is new or has older data, removes what it lacks changes of
/// (<c>sync.cache_repairs</c>), lifts the suspension then, and beats while this instance announces its
/// changes there.
/// </summary>
internal sealed partial class CacheRepairService(
    ICacheTables tables, IRedis redis, OrderCacheWriter cache, CacheFilling filling, CacheSuspension suspension, TimeProvider time, ILogger<CacheRepairService> logger)
    : BackgroundService
{
    /// <summary>Entries mended at a time; each names at most one batch's orders.</summary>
    private const int Entries = 4;

    private long _beats;

    /// <summary>One turn.</summary>
    /// <returns>Whether Redis lacks nothing that this instance could mend.</returns>
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

    /// <summary>Repeats turns and beats until it is stopped.</summary>
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
                // Whatever it is, the stream must go on, and the next turn may succeed. A suspension stays
                // meanwhile.
                LogFailed(failure);
            }

            await BeatAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    // For readers that Postgres does not answer: they go on trusting Redis while its writers are heard of.
    // Said without Postgres, which may be away for all.
    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        // Who beats in a Redis that is another read model's would keep it from itself when that one is gone.
        if (!suspension.AllowsReading || !filling.IsKnown || redis.Database is not { } cache)
        {
            return;
        }

        try
        {
            await Task.WhenAll(cache.HashSetAsync(OrderCache.Writers, suspension.Owner, ++_beats), cache.KeyExpireAsync(OrderCache.Writers, OrderCache.BeatLifetime))
                .WaitAsync(cancellationToken);
        }
        catch (Exception failure) when (RedisFaults.IsNoAnswer(failure) && !cancellationToken.IsCancellationRequested)
        {
            // Silence is what it then means.
        }
    }

    /// <summary>
    /// Mends the oldest entries: the orders are read anew from Postgres by whoever asks for them.
    /// </summary>
    /// <returns>Null when there are none; false when Redis did not take it.</returns>
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
