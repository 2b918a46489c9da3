using Npgsql;
using Npgsql.Replication;
using Orders.ServiceDefaults.Stores;

namespace Orders.Warehouse.Tables;

/// <summary>The slot and the publication in Postgres.</summary>
/// <param name="database">The database.</param>
/// <param name="replication">Opens connections for replication.</param>
/// <param name="names">Theirs.</param>
/// <param name="time">The clock of waits.</param>
internal sealed class ReplicationSlot(NpgsqlDataSource database, PostgresReplication replication, SlotNames names, TimeProvider time)
{
    // Values are text as these settings make it; roles and databases may have others. A silent reader loses
    // the slot after this time, so that another instance need not wait for the default of a minute.
    private const string Session = "-c DateStyle=ISO -c TimeZone=UTC -c IntervalStyle=postgres -c bytea_output=hex -c extra_float_digits=1 -c wal_sender_timeout=20s -c statement_timeout=0 -c idle_session_timeout=0";
    private const int NoLimit = 0;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan DropPatience = TimeSpan.FromSeconds(15);

    /// <summary>Checks that the server can do it.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="TablesException">It cannot.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT current_setting('wal_level')");
        if (await command.ExecuteScalarAsync(cancellationToken) is string level and not "logical")
        {
            throw new TablesException(
                $"Postgres has wal_level = {level}, and the tables of Orders__Warehouse__SqlTables are read by logical replication: set wal_level = logical and start it again "
                + "(RDS and Aurora: rds.logical_replication = 1 in the parameter group), or leave the setting empty.");
        }
    }

    /// <summary>Looks at both.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<SlotLook> LookAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT s.slot_name IS NOT NULL, s.wal_status, CASE WHEN s.wal_status = 'lost' THEN coalesce(s.invalidation_reason, 'wal_removed') ELSE s.invalidation_reason END,
                   s.active_pid, (SELECT oid FROM pg_publication WHERE pubname = $2), (pg_current_wal_insert_lsn() - '0/0')::bigint
              FROM (VALUES (1)) AS one LEFT JOIN pg_replication_slots AS s ON s.slot_name = $1
            """);
        command.Parameters.Add(new() { Value = names.Slot });
        command.Parameters.Add(new() { Value = names.Publication });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(
            reader.GetBoolean(0), Text(1), Text(2), reader.IsDBNull(3) ? null : reader.GetInt32(3), reader.IsDBNull(4) ? null : reader.GetFieldValue<uint>(4),
            (ulong)reader.GetInt64(5));

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    /// <summary>Opens a connection for replication.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="TablesException">The user may not.</exception>
    public async Task<LogicalReplicationConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connection = await replication.OpenAsync(Session, cancellationToken);
            connection.CommandTimeout = TimeSpan.FromSeconds(NoLimit);
            return connection;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new TablesException(
                $"The database user may not read by logical replication ({refused.MessageText}): ALTER ROLE … REPLICATION (RDS and Aurora: GRANT rds_replication TO …), or leave Orders__Warehouse__SqlTables empty.",
                refused);
        }
    }

    /// <summary>
    /// Makes the slot, or a temporary one beside it, and exports a snapshot of its consistent point. It
    /// waits for the end of every transaction that runs.
    /// </summary>
    /// <param name="isTemporary">Whether it is only for the snapshot.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<ExportedSnapshot> MakeAsync(bool isTemporary, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken);
        try
        {
            var name = isTemporary ? $"{names.Slot[..Math.Min(names.Slot.Length, 50)]}_{connection.ProcessID}" : names.Slot;
            var slot = await connection.CreatePgOutputReplicationSlot(name, isTemporary, LogicalSlotSnapshotInitMode.Export, cancellationToken: cancellationToken);
            return new(connection, slot.SnapshotName!, (ulong)slot.ConsistentPoint);
        }
        catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.ConfigurationLimitExceeded)
        {
            await connection.DisposeAsync();
            throw new TablesException($"Postgres has no replication slot left ({full.MessageText}): raise max_replication_slots, or drop a slot that nobody needs (pg_replication_slots).", full);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Drops the slot, and ends what reads it.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task DropAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                await EndReaderAsync(cancellationToken);
                await using var command = database.CreateCommand("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1");
                command.Parameters.Add(new() { Value = names.Slot });
                await command.ExecuteNonQueryAsync(cancellationToken);
                return;
            }
            catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.ObjectInUse && time.GetElapsedTime(began) < DropPatience)
            {
                await Task.Delay(BetweenTries, time, cancellationToken);
            }
        }
    }

    /// <summary>Ends a connection that reads the slot, and waits for its end: one of a holder that was
    /// frozen, or the last one of this instance.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task FreeAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while ((await LookAsync(cancellationToken)).ActivePid is not null && time.GetElapsedTime(began) < DropPatience)
        {
            await EndReaderAsync(cancellationToken);
            await Task.Delay(BetweenTries, time, cancellationToken);
        }
    }

    private async Task EndReaderAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1 AND active_pid IS NOT NULL");
        command.Parameters.Add(new() { Value = names.Slot });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
