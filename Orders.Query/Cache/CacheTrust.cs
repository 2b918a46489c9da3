using Npgsql;
using Orders.Domain.Cache;
using Orders.ServiceDefaults;
using StackExchange.Redis;
using IRedis = Orders.ServiceDefaults.IRedis;

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
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private volatile bool _isTrusted;
    private int _interruptions;
    private bool _watching;

    /// <summary>Costs nothing to ask: it is found out in the background.</summary>
    public bool IsTrusted => _isTrusted && redis.IsConnected;

    /// <summary>Asks now.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var interruptions = Volatile.Read(ref _interruptions);
        var verdict = await JudgeAsync(cancellationToken);
        lock (_lock)
        {
            // What was found out about a connection says nothing about the next one.
            if (verdict is { } trusted && interruptions == _interruptions)
                _isTrusted = trusted;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            Watch();
            await CheckAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // A server may be gone and back, with older data, between two checks.
    private void Watch()
    {
        if (_watching || redis.Database?.Multiplexer is not { } connection)
            return;
        connection.ConnectionFailed += (_, _) =>
        {
            lock (_lock)
            {
                _isTrusted = false;
                _interruptions++;
            }
        };
        _watching = true;
    }

    /// <summary>Null when it cannot be told now, with Postgres away: what was true still is, since nothing is committed without it.</summary>
    private async Task<bool?> JudgeAsync(CancellationToken cancellationToken)
    {
        if (redis.Database is not { } cache)
            return false;
        try
        {
            var (vouched, purged) = (cache.StringGetAsync(OrderCache.Vouched), cache.StringGetAsync(OrderCache.Purged));
            var runId = await cache.RunIdAsync().WaitAsync(AnswerLimit, time, cancellationToken);
            // Its data may be from before writes that it had acknowledged, and Orders.Sync has not been there yet.
            if (runId.Length == 0 || await purged.WaitAsync(AnswerLimit, time, cancellationToken) != runId)
                return false;
            return await vouched.WaitAsync(AnswerLimit, time, cancellationToken) == runId ? true : await IsAtRestAsync(cancellationToken);
        }
        catch (Exception failure) when (
            failure is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<bool?> IsAtRestAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = database.CreateCommand(AtRestSql);
            return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (Exception failure) when (ReadModelFaults.Explain(failure) is not null)
        {
            return null;
        }
    }
}
