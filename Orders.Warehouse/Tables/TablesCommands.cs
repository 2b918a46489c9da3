using Npgsql;
using NpgsqlTypes;

namespace Orders.Warehouse.Tables;

/// <summary>
/// Statements for transactions of the holder of the slot (<see cref="TablesLedger.Begin"/>).
/// </summary>
internal static class TablesCommands
{
    /// <summary>Moves the position past what is stored.</summary>
    public static NpgsqlBatchCommand Advance(SlotLease lease, Place position, DateTime lastChangeAt) => new(
        "UPDATE warehouse.slots SET position = $2, last_change_at = greatest(last_change_at, $3) WHERE name = $1")
    {
        Parameters = { new() { Value = lease.Slot }, new() { Value = position.ToString() }, new() { Value = lastChangeAt } },
    };

    /// <summary>Counts changes of a log.</summary>
    public static NpgsqlBatchCommand Count(SlotLease lease, string log, long changes, DateTime lastChangeAt) => new(
        "UPDATE warehouse.sql_tables SET changes = changes + $3, last_change_at = greatest(last_change_at, $4) WHERE slot = $1 AND log = $2")
    {
        Parameters = { new() { Value = lease.Slot }, new() { Value = log }, new() { Value = changes }, new() { Value = lastChangeAt } },
    };

    /// <summary>Asks for a snapshot of a table, because a value is not known.</summary>
    public static NpgsqlBatchCommand AskSnapshot(SlotLease lease, string log) => new(
        "UPDATE warehouse.sql_tables SET attributes = NULL WHERE slot = $1 AND log = $2 AND state = 'streaming'")
    {
        Parameters = { new() { Value = lease.Slot }, new() { Value = log } },
    };

    /// <summary>Keeps a schema.</summary>
    public static NpgsqlBatchCommand KeepSchema(string log, TableSchema schema, Place first) => new(
        "INSERT INTO warehouse.sql_table_schemas (log, fingerprint, columns, first_place) VALUES ($1, $2, $3::jsonb, $4) ON CONFLICT DO NOTHING")
    {
        Parameters = { new() { Value = log }, new() { Value = schema.Fingerprint }, new() { Value = schema.Description }, new() { Value = first.ToString() } },
    };

    /// <summary>Writes a table.</summary>
    public static NpgsqlBatchCommand Save(SlotLease lease, TableRecord table) => new(
        """
        INSERT INTO warehouse.sql_tables AS t (slot, name, log, state, reason, relation, publication_entry, key_numbers, key_columns, attributes, snapshot_lsn)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (slot, name) DO UPDATE SET log = $3, state = $4, reason = $5, relation = $6, publication_entry = $7, key_numbers = $8, key_columns = $9, attributes = $10, snapshot_lsn = $11,
            changed_at = CASE WHEN (t.state, t.reason) IS DISTINCT FROM ($4, $5) THEN clock_timestamp() ELSE t.changed_at END
        """)
    {
        Parameters =
        {
            new() { Value = lease.Slot },
            new() { Value = table.Name },
            new() { Value = table.Log },
            new() { Value = table.State.ToString().ToLowerInvariant() },
            Text(table.Reason),
            Oid(table.Relation),
            Oid(table.Entry),
            Text(table.KeyNumbers),
            new() { Value = table.KeyColumns.ToArray() },
            Text(table.Attributes),
            Text(table.SnapshotLsn is { } lsn ? Place.Format(lsn) : null),
        },
    };

    /// <summary>Heals the gap unless a table needs a snapshot.</summary>
    public static NpgsqlBatchCommand Heal(SlotLease lease) => new(
        """
        UPDATE warehouse.slot_gaps SET healed_at = clock_timestamp()
         WHERE slot = $1 AND healed_at IS NULL AND to_lsn IS NOT NULL AND NOT EXISTS (SELECT FROM warehouse.sql_tables WHERE slot = $1 AND state = 'new')
        """)
    {
        Parameters = { new() { Value = lease.Slot } },
    };

    private static NpgsqlParameter<string?> Text(string? value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Oid(uint? value) => new() { Value = value is { } oid ? oid : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Oid };
}
