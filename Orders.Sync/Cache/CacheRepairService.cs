using Npgsql;
using Orders.Sync.Snapshots;

namespace Orders.Sync.Cache;

/// <summary>
/// Mends what a crash or an absent Redis left behind: writes the orders that <c>sync.cache_repairs</c> names as they are now in Postgres, then strikes
/// the entries out. Also strikes out the entries that are finished when no batch comes to do it, and vouches for Redis when nothing is left to mend.
/// </summary>
internal sealed partial class CacheRepairService(
    NpgsqlDataSource database, OrderCacheWriter cache, CacheRepairs repairs, CacheVouch vouch, TimeProvider time, ILogger<CacheRepairService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Entries mended at a time; each names at most one batch's orders.</summary>
    private const int Entries = 4;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await TurnAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, the stream must go on, and the next turn may succeed: nobody vouches for Redis meanwhile.
                LogFailed(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TurnAsync(CancellationToken cancellationToken)
    {
        await StrikeFinishedAsync(cancellationToken);
        if (await vouch.PrepareAsync(cancellationToken) is not { } runId)
        {
            return;
        }

        while (await MendAsync(cancellationToken) || await ReplaceAsync(cancellationToken))
        {
        }

        await vouch.RenewAsync(runId, cancellationToken);
    }

    private async Task StrikeFinishedAsync(CancellationToken cancellationToken)
    {
        var finished = repairs.TakeFinished();
        if (finished.Count == 0)
        {
            return;
        }

        try
        {
            await StrikeAsync([.. finished], cancellationToken);
        }
        catch
        {
            repairs.PutBack(finished);
            throw;
        }
    }

    /// <summary>Mends the oldest entries.</summary>
    /// <returns>Whether there may be more to do at once.</returns>
    private async Task<bool> MendAsync(CancellationToken cancellationToken)
    {
        var (repairIds, orderIds) = await ReadEntriesAsync(replaces: false, cancellationToken);
        if (repairIds.Length == 0)
        {
            return false;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (!await cache.TryWriteAsync(await ReadOrdersAsync(connection, orderIds, cancellationToken), cancellationToken))
        {
            return false;
        }

        await StrikeAsync(repairIds, cancellationToken);
        LogMended(orderIds.Length);
        return true;
    }

    /// <summary>
    /// The same of the oldest entries that replace. The version guard cannot help there, so the gate is closed from the reading to the writing: what the
    /// stream commits and writes is then either what was read or comes after it.
    /// </summary>
    private async Task<bool> ReplaceAsync(CancellationToken cancellationToken)
    {
        var (repairIds, orderIds) = await ReadEntriesAsync(replaces: true, cancellationToken);
        if (repairIds.Length == 0)
        {
            return false;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ProjectionGate.CloseAsync(connection, cancellationToken);
        if (!await cache.TryReplaceAsync(orderIds, await ReadOrdersAsync(connection, orderIds, cancellationToken), cancellationToken))
        {
            return false;
        }

        await transaction.CommitAsync(cancellationToken);
        await StrikeAsync(repairIds, cancellationToken);
        LogMended(orderIds.Length);
        return true;
    }

    private async Task<(Guid[] RepairIds, Guid[] OrderIds)> ReadEntriesAsync(bool replaces, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT repair_id, order_ids FROM sync.cache_repairs WHERE created_at < clock_timestamp() - $1 AND replaces = $3 ORDER BY created_at LIMIT $2");
        command.Parameters.Add(new() { Value = CacheVouch.InFlight });
        command.Parameters.Add(new() { Value = Entries });
        command.Parameters.Add(new() { Value = replaces });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var repairIds = new List<Guid>();
        var orderIds = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            repairIds.Add(reader.GetGuid(0));
            orderIds.UnionWith(reader.GetFieldValue<Guid[]>(1));
        }

        return ([.. repairIds], [.. orderIds]);
    }

    // The history has the rendered order of the very version that the row has: nothing is rendered a second time.
    private static async Task<CacheEntry[]> ReadOrdersAsync(NpgsqlConnection connection, Guid[] orderIds, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT o.order_id, o.version, o.merchant_id, h.body
              FROM orders AS o
              JOIN order_history AS h ON h.order_id = o.order_id AND h.version = o.version
             WHERE o.order_id = ANY ($1)
            UNION ALL
            SELECT t.order_id, t.version, t.merchant_id, NULL
              FROM sync.tombstones AS t
             WHERE t.order_id = ANY ($1)
            """,
            connection);
        command.Parameters.Add(new() { Value = orderIds });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<CacheEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(new CacheEntry(reader.GetGuid(0), reader.GetInt64(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetFieldValue<byte[]>(3)));
        }

        return [.. entries];
    }

    private async Task StrikeAsync(Guid[] repairIds, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM sync.cache_repairs WHERE repair_id = ANY ($1)");
        command.Parameters.Add(new() { Value = repairIds });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis has {Count} orders again that it had missed")]
    private partial void LogMended(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Looking after the cache failed")]
    private partial void LogFailed(Exception failure);
}
