using Npgsql;
using Orders.Domain.Cache;
using Orders.Sync.Projection;

namespace Orders.Sync.Cache;

/// <summary>The tables in schema <c>sync</c>.</summary>
internal sealed class PostgresCacheTables(NpgsqlDataSource database) : ICacheTables
{
    // Serializes purges across instances; an instance that does not get the lock retries in its next round.
    // The lock belongs to the transaction, not the session: with a connection pooler the next statement may
    // run in another session, and a session lock would stay forever.
    private const string TryLock = "SELECT pg_try_advisory_xact_lock(7021792700419563370)";

    /// <inheritdoc/>
    public async Task<AgreedCache?> ReadAsync()
    {
        await using var command = database.CreateCommand(
            "SELECT sync.cache_scope(), (SELECT identity FROM sync.cache_identity), pg_snapshot_xmax(pg_current_snapshot())");
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return row.IsDBNull(0) ? null : new(new CacheKeys(row.GetString(0)), row.IsDBNull(1) ? null : row.GetString(1), row.GetFieldValue<ulong>(2));
    }

    /// <inheritdoc/>
    public async Task<bool> TryPurgeAsync(Func<Task> purge, string identity)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var claim = new NpgsqlCommand(TryLock, connection);
        if (await claim.ExecuteScalarAsync() is not true)
        {
            return false;
        }

        await purge();
        await AgreeAsync(connection, identity);
        await transaction.CommitAsync();
        return true;
    }

    // A suspension of another instance that all readers have seen works for this one too. It stays until
    // both owners are done.
    /// <inheritdoc/>
    public async Task<bool> SuspendAsync(string owner, string reason, bool purge, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            """
            INSERT INTO sync.cache_suspensions (owner, reason, needs_purge) VALUES ($1, $2, $3)
            ON CONFLICT (owner) DO UPDATE SET needs_purge = sync.cache_suspensions.needs_purge OR excluded.needs_purge
            """,
            cancellationToken, owner, reason, purge);

        // Read after the commit of the own row, so that the other one was not lifted before.
        await using var command = database.CreateCommand("SELECT EXISTS (SELECT FROM sync.cache_suspensions WHERE is_settled AND owner <> $1)");
        command.Parameters.Add(new() { Value = owner });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <inheritdoc/>
    public Task SettleAsync(string owner, CancellationToken cancellationToken) =>
        ExecuteAsync("UPDATE sync.cache_suspensions SET is_settled = true WHERE owner = $1", cancellationToken, owner);

    // A dead instance has no heartbeat and holds no shard. A command has none of them either, but ends
    // sooner; if its row were removed, its commit would fail.
    /// <inheritdoc/>
    public async Task<IReadOnlyList<(string Owner, bool IsLiftable)>> FindSuspensionsAsync(string owner, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT owner,
                   owner = $1 OR (suspended_at < clock_timestamp() - interval '30 s'
                                  AND NOT EXISTS (SELECT FROM sync.instances AS i WHERE i.owner = s.owner AND alive_until >= clock_timestamp()))
              FROM sync.cache_suspensions AS s
             ORDER BY owner <> $1
            """);
        command.Parameters.Add(new() { Value = owner });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var owners = new List<(string, bool)>();
        while (await rows.ReadAsync(cancellationToken))
        {
            owners.Add((rows.GetString(0), rows.GetBoolean(1)));
        }

        return owners;
    }

    // The lock waits for running commits that bypass Redis; the statement after it sees the repairs they
    // listed.
    /// <inheritdoc/>
    public async Task<bool> TryLiftAsync(string owner, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var claim = new NpgsqlCommand("SELECT needs_purge FROM sync.cache_suspensions WHERE owner = $1 FOR UPDATE", connection) { Parameters = { new() { Value = owner } } })
        {
            switch (await claim.ExecuteScalarAsync(cancellationToken))
            {
                case null:
                    return true;
                case true:
                    await ExecuteAsync(connection, "DELETE FROM sync.cache_identity", cancellationToken);
                    break;
            }
        }

        await using (var look = new NpgsqlCommand("SELECT EXISTS (SELECT FROM sync.cache_repairs)", connection))
        {
            if ((bool)(await look.ExecuteScalarAsync(cancellationToken))!)
            {
                return false;
            }
        }

        await using (var lift = new NpgsqlCommand("DELETE FROM sync.cache_suspensions WHERE owner = $1", connection) { Parameters = { new() { Value = owner } } })
        {
            await lift.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public async Task<(Guid[] RepairIds, IReadOnlyCollection<Guid> OrderIds)> ReadRepairsAsync(int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT repair_id, order_ids FROM sync.cache_repairs ORDER BY created_at LIMIT $1");
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var repairIds = new List<Guid>();
        var orderIds = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            repairIds.Add(reader.GetGuid(0));
            orderIds.UnionWith(reader.GetFieldValue<Guid[]>(1));
        }

        return ([.. repairIds], orderIds);
    }

    /// <inheritdoc/>
    public Task DeleteRepairsAsync(Guid[] repairIds, CancellationToken cancellationToken) =>
        ExecuteAsync("DELETE FROM sync.cache_repairs WHERE repair_id = ANY ($1)", cancellationToken, repairIds);

    private static async Task AgreeAsync(NpgsqlConnection connection, string identity)
    {
        await ProjectionGate.CloseAsync(connection, CancellationToken.None);
        await using var agree = new NpgsqlCommand(
            "INSERT INTO sync.cache_identity (identity) VALUES ($1) ON CONFLICT ((true)) DO UPDATE SET identity = excluded.identity", connection)
        {
            Parameters = { new() { Value = identity } },
        };
        await agree.ExecuteNonQueryAsync();
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
