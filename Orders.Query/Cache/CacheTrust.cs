using Npgsql;
using Orders.Domain.Cache;
using Orders.ServiceDefaults;

namespace Orders.Query;

/// <summary>
/// Whether what is in Redis may be served. It may while Orders.Sync vouches for it: after an outage, a restart or a flush it first mends what Redis
/// missed. While no Orders.Sync lives, nothing changes in Postgres either, so that a Redis which lacks nothing is as good as Postgres and spares it
/// the load.
/// </summary>
internal sealed class CacheTrust(IRedis redis, NpgsqlDataSource database, TimeProvider time) : BackgroundService
{
    // With nobody writing, every repair that is listed is owed, however young it is.
    private const string AtRestSql =
        """
        SELECT NOT EXISTS (SELECT FROM sync.shards WHERE NOT sync.is_free(owner, leased_until))
           AND NOT EXISTS (SELECT FROM sync.cache_repairs)
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private const int None = -1;

    private readonly Lock _lock = new();
    private volatile int _trusted = None;
    private int _interruptions;
    private long _interruptedAt;

    /// <summary>Costs nothing to ask: it is found out in the background.</summary>
    /// <remarks>
    /// What was found out about a connection says nothing about the next one: a server may be gone and back, with older data, between two checks.
    /// </remarks>
    public bool IsTrusted => redis.IsConnected && _trusted == redis.Interruptions;

    /// <summary>Asks now.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var interruptions = redis.Interruptions;
        var verdict = await JudgeAsync(MayVouchBeOld(interruptions), cancellationToken);
        if (verdict is { } trusted)
            _trusted = trusted ? interruptions : None;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await CheckAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // Orders.Sync may have been cut off at the same time: what it said before it lacked a change is there until it runs out.
    private bool MayVouchBeOld(int interruptions)
    {
        lock (_lock)
        {
            if (interruptions != _interruptions)
                (_interruptions, _interruptedAt) = (interruptions, time.GetTimestamp());
            return _interruptions > 0 && time.GetElapsedTime(_interruptedAt) < OrderCache.VouchLifetime;
        }
    }

    /// <summary>Null when it cannot be told now, with Postgres away: what was true still is, since nothing is committed without it.</summary>
    /// <param name="vouchMayBeOld">Whether a vouch does not count.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    private async Task<bool?> JudgeAsync(bool vouchMayBeOld, CancellationToken cancellationToken)
    {
        if (redis.Database is not { } cache)
            return false;
        try
        {
            var (vouched, purged) = (cache.StringGetAsync(OrderCache.Vouched), cache.StringGetAsync(OrderCache.Purged));
            var runId = await cache.RunIdAsync().WaitAsync(cancellationToken);
            // Its data may be from before writes that it had acknowledged, and Orders.Sync has not been there yet.
            if (runId.Length == 0 || await purged.WaitAsync(cancellationToken) != runId)
                return false;
            return await vouched.WaitAsync(cancellationToken) == runId && !vouchMayBeOld ? true : await IsAtRestAsync(cancellationToken);
        }
        catch (Exception failure) when (RedisFaults.IsNoAnswer(failure) && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<bool?> IsAtRestAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await database.LookAsync(IsAtRestAsync, ReadModel.LookLimit, time, cancellationToken);
        }
        catch (Exception failure) when (ReadModelFaults.Explain(failure) is not null)
        {
            return null;
        }
    }

    private static async Task<bool?> IsAtRestAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(AtRestSql, connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
