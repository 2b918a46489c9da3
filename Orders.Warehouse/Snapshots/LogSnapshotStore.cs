using DynamoStreams.Snapshots;
using Npgsql;
using NpgsqlTypes;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Snapshots;

/// <summary>The snapshots and their segments in the ledger.</summary>
internal sealed class LogSnapshotStore(NpgsqlDataSource database)
{
    /// <summary>
    /// What asks for a snapshot: <c>gap</c>, <c>start</c> when there was none yet, <c>running</c> when one
    /// is not finished; null for nothing.
    /// </summary>
    public async Task<string?> NeedAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT CASE WHEN EXISTS (SELECT FROM warehouse.snapshots WHERE finished_at IS NULL) THEN 'running'
                        WHEN NOT EXISTS (SELECT FROM warehouse.snapshots) THEN 'start'
                        WHEN EXISTS (SELECT FROM warehouse.gaps WHERE healed_at IS NULL) THEN 'gap' END
            """);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    /// <summary>Notes that no snapshot is needed at the start.</summary>
    public async Task SkipAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("INSERT INTO warehouse.snapshots (reason, finished_at, skipped) VALUES ('start', clock_timestamp(), true)");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Takes over the snapshot that is not finished, or begins one.</summary>
    /// <param name="reason">Why, if one begins.</param>
    /// <param name="segments">Its segments, if one begins.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<Snapshot> TakeAsync(string reason, int segments, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            WITH begun AS (
                INSERT INTO warehouse.snapshots (reason) VALUES ($1)
                ON CONFLICT ((true)) WHERE finished_at IS NULL DO UPDATE SET token = snapshots.token + 1
                RETURNING snapshot_id, token, reason, started_at),
            parts AS (
                INSERT INTO warehouse.snapshot_segments (snapshot_id, segment, total_segments)
                SELECT snapshot_id, n, $2 FROM begun, generate_series(0, $2 - 1) AS n
                 WHERE NOT EXISTS (SELECT FROM warehouse.snapshot_segments AS s WHERE s.snapshot_id = begun.snapshot_id)
                ON CONFLICT DO NOTHING)
            SELECT * FROM begun
            """,
            connection)
        {
            Parameters = { new() { Value = reason }, new() { Value = segments } },
        };
        Snapshot snapshot;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            snapshot = new(reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3));
        }

        await transaction.CommitAsync(cancellationToken);
        return snapshot;
    }

    /// <summary>Where each unfinished segment goes on, and the number of its next file.</summary>
    public async Task<IReadOnlyList<(ScanPosition Position, int Ordinal)>> SegmentsAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT segment, total_segments, next_key, ordinal FROM warehouse.snapshot_segments WHERE snapshot_id = $1 AND NOT finished ORDER BY segment");
        command.Parameters.Add(new() { Value = snapshot.Id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var segments = new List<(ScanPosition, int)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            segments.Add((new(reader.GetInt32(0), reader.GetInt32(1), reader.IsDBNull(2) ? null : reader.GetString(2)), reader.GetInt32(3)));
        }

        return segments;
    }

    /// <summary>
    /// Notes files of a part of the snapshot, or finds what an attempt before a crash noted.
    /// </summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="source">The part, such as <c>snapshot/1/0</c>.</param>
    /// <param name="name">The end of the paths, without the extension.</param>
    /// <param name="files">The rows.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<List<NotedFile>> NoteAsync(Snapshot snapshot, string source, string name, LogFiles files, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await FenceAsync(connection, snapshot, cancellationToken);
        await using var asking = connection.CreateBatch();
        asking.BatchCommands.Add(LedgerCommands.FindNoted(source));
        List<NotedFile> noted;
        await using (var reader = await asking.ExecuteReaderAsync(cancellationToken))
        {
            noted = await LedgerCommands.ReadNotedAsync(reader, cancellationToken);
        }

        var keys = files.Keys.Except(noted.Select(file => (file.Log, file.Day))).ToList();
        if (keys.Count > 0)
        {
            await using var noting = connection.CreateBatch();
            noting.BatchCommands.Add(LedgerCommands.Note(source, files.Drafts(keys, name, name, name)));
            await using var reader = await noting.ExecuteReaderAsync(cancellationToken);
            noted.AddRange(await LedgerCommands.ReadNotedAsync(reader, cancellationToken));
        }

        await transaction.CommitAsync(cancellationToken);
        return noted;
    }

    /// <summary>
    /// Makes the files of a part of a segment live, and moves the segment's position past it.
    /// </summary>
    public async Task CommitAsync(
        Snapshot snapshot, ScanPosition next, bool endsSegment, long found, IReadOnlyCollection<WrittenFile> written, IReadOnlyCollection<string> unwritten, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await FenceAsync(connection, snapshot, cancellationToken);
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(LedgerCommands.Register(written));
        batch.BatchCommands.Add(LedgerCommands.Forget(unwritten));
        batch.BatchCommands.Add(new("UPDATE warehouse.snapshot_segments SET next_key = $3, finished = $4, ordinal = ordinal + 1 WHERE snapshot_id = $1 AND segment = $2")
        {
            Parameters =
            {
                new() { Value = snapshot.Id },
                new() { Value = next.Segment },
                new() { Value = (object?)next.NextKey ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = endsSegment },
            },
        });
        batch.BatchCommands.Add(new("UPDATE warehouse.snapshots SET found = found + $2 WHERE snapshot_id = $1") { Parameters = { new() { Value = snapshot.Id }, new() { Value = found } } });
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Makes the file of what is no longer there live, finishes the snapshot, and heals the gaps
    /// that it covers.</summary>
    public async Task FinishAsync(Snapshot snapshot, long vanished, IReadOnlyCollection<WrittenFile> written, IReadOnlyCollection<string> unwritten, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await FenceAsync(connection, snapshot, cancellationToken);
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(LedgerCommands.Register(written));
        batch.BatchCommands.Add(LedgerCommands.Forget(unwritten));
        batch.BatchCommands.Add(new("UPDATE warehouse.snapshots SET finished_at = clock_timestamp(), vanished = $2 WHERE snapshot_id = $1")
        {
            Parameters = { new() { Value = snapshot.Id }, new() { Value = vanished } },
        });
        batch.BatchCommands.Add(new("UPDATE warehouse.gaps SET healed_at = clock_timestamp() WHERE healed_at IS NULL AND detected_at < $1") { Parameters = { new() { Value = snapshot.StartedAt } } });
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    // Locks the row until the transaction ends: whoever takes the snapshot over waits for that.
    private static async Task FenceAsync(NpgsqlConnection connection, Snapshot snapshot, CancellationToken cancellationToken)
    {
        await using var fence = new NpgsqlCommand("SELECT FROM warehouse.snapshots WHERE snapshot_id = $1 AND token = $2 AND finished_at IS NULL FOR UPDATE", connection)
        {
            Parameters = { new() { Value = snapshot.Id }, new() { Value = snapshot.Token } },
        };
        await using var reader = await fence.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            throw new LogSnapshotLostException(snapshot.Id);
        }
    }
}
