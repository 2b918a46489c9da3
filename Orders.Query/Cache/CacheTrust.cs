using Npgsql;
using Orders.Domain.Cache;
using Orders.ServiceDefaults;
using StackExchange.Redis;
using IRedis = Orders.ServiceDefaults.IRedis;

namespace Orders.Query;

/// <summary>
/// Whether what is in Redis may be served. It may while Orders.Sync vouches for it: after an outage, a restart or a flush it first mends what Redis
/// missed. While no Orders.Sync lives, nothing changes in Postgres either, so that Redis is as good as Postgres and spares it the load.
/// </summary>
internal sealed class CacheTrust(IRedis redis, NpgsqlDataSource database, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMilliseconds(500);

    private volatile bool _isTrusted;

    /// <summary>Costs nothing to ask: it is found out in the background.</summary>
    public bool IsTrusted => _isTrusted && redis.IsConnected;

    /// <summary>Asks now.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken) =>
        _isTrusted = redis.Database is { } cache && (await IsVouchedForAsync(cache) || !await IsAnyoneWritingAsync(cancellationToken));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await CheckAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<bool> IsVouchedForAsync(IDatabase cache)
    {
        try
        {
            var vouched = cache.StringGetAsync(OrderCache.Vouched);
            var runId = await cache.RunIdAsync().WaitAsync(AnswerLimit, time);
            return await vouched.WaitAsync(AnswerLimit, time) == runId;
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<bool> IsAnyoneWritingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = database.CreateCommand("SELECT EXISTS (SELECT FROM sync.shards WHERE leased_until > clock_timestamp())");
            return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (NpgsqlException)
        {
            // Without Postgres there is nothing fresher to serve than what Redis has.
            return false;
        }
    }
}
