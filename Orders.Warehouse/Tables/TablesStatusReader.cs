using Npgsql;

namespace Orders.Warehouse.Tables;

/// <summary>Reads <see cref="TablesStatus"/>, from any process.</summary>
/// <param name="database">The database.</param>
/// <param name="names">The slot's.</param>
internal sealed class TablesStatusReader(NpgsqlDataSource database, SlotNames names)
{
    private const string SlotSql =
        """
        SELECT s.slot_name IS NOT NULL, coalesce(s.active, false), s.wal_status, CASE WHEN s.wal_status = 'lost' THEN coalesce(s.invalidation_reason, 'wal_removed') ELSE s.invalidation_reason END,
               (pg_current_wal_insert_lsn() - coalesce(s.confirmed_flush_lsn, s.restart_lsn))::bigint, s.safe_wal_size,
               extract(epoch FROM clock_timestamp() - k.caught_up_at)::float8, k.last_change_at, CASE WHEN k.held_until > clock_timestamp() THEN k.holder END, k.problem
          FROM (VALUES (1)) AS one
          LEFT JOIN pg_replication_slots AS s ON s.slot_name = $1
          LEFT JOIN warehouse.slots AS k ON k.name = $1
        """;

    /// <summary>Reads it; null when no slot was ever made.</summary>
    /// <param name="connection">A session.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<TablesStatus?> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new(SlotSql) { Parameters = { new() { Value = names.Slot } } });
        batch.BatchCommands.Add(new("SELECT name, state, reason, changes, last_change_at FROM warehouse.sql_tables WHERE slot = $1 ORDER BY name") { Parameters = { new() { Value = names.Slot } } });
        batch.BatchCommands.Add(new(
            "SELECT count(*), count(*) FILTER (WHERE healed_at IS NULL), (array_agg(reason ORDER BY id DESC))[1], max(found_at) FROM warehouse.slot_gaps WHERE slot = $1")
        {
            Parameters = { new() { Value = names.Slot } },
        });
        batch.BatchCommands.Add(new("SELECT FROM warehouse.slots WHERE name = $1") { Parameters = { new() { Value = names.Slot } } });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var slot = new TablesStatus(
            names.Slot, reader.GetBoolean(0), reader.GetBoolean(1), Text(2), Text(3), Long(4), Long(5), reader.IsDBNull(6) ? null : reader.GetDouble(6), Time(7), Text(8), Text(9), [],
            new(0, 0, LastReason: null, LastAt: null));
        await reader.NextResultAsync(cancellationToken);
        var tables = new List<TablesStatus.Table>();
        while (await reader.ReadAsync(cancellationToken))
        {
            tables.Add(new(reader.GetString(0), Enum.Parse<TableState>(reader.GetString(1), ignoreCase: true), Text(2), reader.GetInt64(3), Time(4)));
        }

        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var gaps = new TablesStatus.GapCount(reader.GetInt64(0), reader.GetInt64(1), Text(2), Time(3));
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) || slot.Exists ? slot with { Tables = tables, Gaps = gaps } : null;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

        long? Long(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

        DateTimeOffset? Time(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
    }

    /// <summary>The same on a connection of its own.</summary>
    public async Task<TablesStatus?> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await ReadAsync(connection, cancellationToken);
    }
}
