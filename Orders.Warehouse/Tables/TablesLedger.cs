using Npgsql;
using NpgsqlTypes;
using Orders.Warehouse.Ledger;

namespace Orders.Warehouse.Tables;

/// <summary>The slot and its tables in the ledger. Every transaction begins with the proof that the lease is
/// held.</summary>
/// <param name="database">The database.</param>
/// <param name="names">The slot's.</param>
internal sealed class TablesLedger(NpgsqlDataSource database, SlotNames names)
{
    /// <summary>What <c>warehouse.hold_slot</c> raises.</summary>
    public const string LeaseLost = "WH001";

    /// <summary>A transaction of the holder.</summary>
    public NpgsqlBatch Begin(SlotLease lease)
    {
        var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("SELECT warehouse.hold_slot($1, $2)") { Parameters = { new() { Value = lease.Slot }, new() { Value = lease.Epoch } } });
        return batch;
    }

    /// <summary>Whether there was a slot once.</summary>
    public async Task<bool> HasSlotAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT EXISTS (SELECT FROM warehouse.slots WHERE name = $1)");
        command.Parameters.Add(new() { Value = names.Slot });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Reads the slot.</summary>
    public async Task<SlotRecord> ReadSlotAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT publication, made_lsn, position FROM warehouse.slots WHERE name = $1");
        command.Parameters.Add(new() { Value = names.Slot });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(reader.IsDBNull(0) ? null : reader.GetFieldValue<uint>(0), Place.ParseLsn(reader.IsDBNull(1) ? null : reader.GetString(1)), Place.Parse(reader.GetString(2)));
    }

    /// <summary>Records a gap: there is no slot any more, and every table needs a snapshot.</summary>
    public async Task BeginGapAsync(SlotLease lease, SlotGap gap, Place position, CancellationToken cancellationToken)
    {
        await using var batch = Begin(lease);
        batch.BatchCommands.Add(new("INSERT INTO warehouse.slot_gaps (slot, reason, detail, from_place) VALUES ($1, $2, $3, $4)")
        {
            Parameters = { new() { Value = lease.Slot }, new() { Value = gap.Reason }, new() { Value = gap.Detail }, new() { Value = position.ToString() } },
        });
        batch.BatchCommands.Add(new("UPDATE warehouse.slots SET made_at = NULL, made_lsn = NULL WHERE name = $1") { Parameters = { new() { Value = lease.Slot } } });
        batch.BatchCommands.Add(new("UPDATE warehouse.sql_tables SET state = 'new', changed_at = clock_timestamp() WHERE slot = $1 AND state = 'streaming'")
        {
            Parameters = { new() { Value = lease.Slot } },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Records a slot that was made.</summary>
    public async Task MadeAsync(SlotLease lease, ulong lsn, uint publication, CancellationToken cancellationToken)
    {
        await using var batch = Begin(lease);
        batch.BatchCommands.Add(new("UPDATE warehouse.slots SET made_at = clock_timestamp(), made_lsn = $2, publication = $3, position = greatest(position, $4) WHERE name = $1")
        {
            Parameters =
            {
                new() { Value = lease.Slot },
                new() { Value = Place.Format(lsn) },
                new() { Value = publication, NpgsqlDbType = NpgsqlDbType.Oid },
                // The end of what its snapshot has.
                new() { Value = new Place(lsn - 1, 0).ToString() },
            },
        });
        batch.BatchCommands.Add(new("UPDATE warehouse.slot_gaps SET to_lsn = $2 WHERE slot = $1 AND healed_at IS NULL")
        {
            Parameters = { new() { Value = lease.Slot }, new() { Value = Place.Format(lsn) } },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Forgets the slot and its tables. What they wrote stays.</summary>
    public async Task RetireAsync(SlotLease lease, CancellationToken cancellationToken)
    {
        await using var batch = Begin(lease);
        batch.BatchCommands.Add(new("DELETE FROM warehouse.slots WHERE name = $1") { Parameters = { new() { Value = lease.Slot } } });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Notes why nothing is read, for whoever asks for the status; null when it is read.</summary>
    public async Task NoteProblemAsync(string? problem, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "UPDATE warehouse.slots SET problem = $2, problem_at = CASE WHEN $2 IS NULL THEN NULL ELSE coalesce(problem_at, clock_timestamp()) END WHERE name = $1 AND problem IS DISTINCT FROM $2");
        command.Parameters.Add(new() { Value = names.Slot });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = problem, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads the tables.</summary>
    public async Task<IReadOnlyDictionary<string, TableRecord>> ReadTablesAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT name, log, state, reason, relation, publication_entry, key_numbers, coalesce(key_columns, '{}'), attributes, snapshot_lsn
              FROM warehouse.sql_tables WHERE slot = $1
            """);
        command.Parameters.Add(new() { Value = names.Slot });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tables = new Dictionary<string, TableRecord>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            tables.Add(reader.GetString(0), new()
            {
                Name = reader.GetString(0),
                Log = reader.GetString(1),
                State = Enum.Parse<TableState>(reader.GetString(2), ignoreCase: true),
                Reason = Text(3),
                Relation = reader.IsDBNull(4) ? null : reader.GetFieldValue<uint>(4),
                Entry = reader.IsDBNull(5) ? null : reader.GetFieldValue<uint>(5),
                KeyNumbers = Text(6),
                KeyColumns = reader.GetFieldValue<string[]>(7),
                Attributes = Text(8),
                SnapshotLsn = Place.ParseLsn(Text(9)),
            });

            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        }

        return tables;
    }

    /// <summary>Writes tables, and forgets all others.</summary>
    public async Task SaveTablesAsync(SlotLease lease, IReadOnlyCollection<TableRecord> tables, CancellationToken cancellationToken)
    {
        await using var batch = Begin(lease);
        batch.BatchCommands.Add(new("DELETE FROM warehouse.sql_tables WHERE slot = $1 AND NOT name = ANY ($2)")
        {
            Parameters = { new() { Value = lease.Slot }, new() { Value = tables.Select(table => table.Name).ToArray() } },
        });
        foreach (var table in tables)
        {
            batch.BatchCommands.Add(TablesCommands.Save(lease, table));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Writes a table after its snapshot. The last one heals the gap.</summary>
    public async Task SnapshottedAsync(SlotLease lease, TableRecord table, long found, long vanished, CancellationToken cancellationToken)
    {
        await using var batch = Begin(lease);
        batch.BatchCommands.Add(TablesCommands.Save(lease, table));
        batch.BatchCommands.Add(new("UPDATE warehouse.sql_tables SET snapshot_at = clock_timestamp() WHERE slot = $1 AND name = $2")
        {
            Parameters = { new() { Value = lease.Slot }, new() { Value = table.Name } },
        });
        batch.BatchCommands.Add(new("UPDATE warehouse.slot_gaps SET found = found + $2, vanished = vanished + $3 WHERE slot = $1 AND healed_at IS NULL")
        {
            Parameters = { new() { Value = lease.Slot }, new() { Value = found }, new() { Value = vanished } },
        });
        batch.BatchCommands.Add(TablesCommands.Heal(lease));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Heals the gap unless a table needs a snapshot.</summary>
    public async Task HealAsync(SlotLease lease, CancellationToken cancellationToken)
    {
        await using var batch = Begin(lease);
        batch.BatchCommands.Add(TablesCommands.Heal(lease));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Files of sources that were noted and are not live.</summary>
    /// <param name="source">The source, or the beginning of sources.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<NotedFile>> FindNotedAsync(string source, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT path, log, day, first_place, last_place, rows FROM warehouse.files WHERE starts_with(source, $1) AND state = 'noted' ORDER BY path");
        command.Parameters.Add(new() { Value = source });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await LedgerCommands.ReadNotedAsync(reader, cancellationToken);
    }
}
