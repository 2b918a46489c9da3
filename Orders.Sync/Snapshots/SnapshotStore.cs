using DynamoStreams.Snapshots;
using Npgsql;
using Orders.Sync.Repair;

namespace Orders.Sync.Snapshots;

/// <summary>
/// Snapshots in Postgres: which one is open, its lease and its progress. All times are compared by the
/// database's clock.
/// </summary>
internal sealed class SnapshotStore(NpgsqlDataSource database)
{
    /// <summary>Reads the state that decides whether to run a snapshot now.</summary>
    public async Task<SnapshotState> ReadStateAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT (SELECT snapshot_id FROM sync.snapshots WHERE completed_at IS NULL),
                   (SELECT stopped_at FROM sync.snapshots WHERE completed_at IS NULL),
                   (SELECT max(detected_at) FROM sync.gaps WHERE healed_at IS NULL),
                   EXISTS (SELECT FROM sync.shards),
                   EXISTS (SELECT FROM sync.snapshots WHERE completed_at IS NOT NULL AND beside_stream),
                   (SELECT changed_at FROM sync.source_table AS t
                     WHERE NOT EXISTS (SELECT FROM sync.snapshots WHERE kind = 'rebuild' AND completed_at IS NOT NULL AND started_at >= t.changed_at))
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new SnapshotState(
            reader.IsDBNull(0) ? null : reader.GetInt64(0),
            reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1),
            reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2),
            reader.GetBoolean(3),
            reader.GetBoolean(4),
            reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5));
    }

    /// <summary>The number of open gaps: lost parts of the stream that no snapshot has healed.</summary>
    public async Task<int> CountOpenGapsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT count(*)::int FROM sync.gaps WHERE healed_at IS NULL");
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Begins a snapshot.</summary>
    /// <returns>Its id; null when another one is open.</returns>
    public async Task<long?> TryBeginAsync(SnapshotKind kind, string reason, int segments, long expectedItems, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH begun AS (
                INSERT INTO sync.snapshots (kind, reason, expected_items, beside_stream)
                SELECT $1, $2, $3, EXISTS (SELECT FROM sync.shards)
                ON CONFLICT ((true)) WHERE completed_at IS NULL DO NOTHING
                RETURNING snapshot_id),
            divided AS (
                INSERT INTO sync.snapshot_segments (snapshot_id, segment)
                SELECT snapshot_id, generate_series(0, $4 - 1) FROM begun)
            SELECT snapshot_id FROM begun
            """);
        command.Parameters.Add(new() { Value = kind.Name() });
        command.Parameters.Add(new() { Value = reason });
        command.Parameters.Add(new() { Value = expectedItems });
        command.Parameters.Add(new() { Value = segments });
        return (long?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Leases a snapshot that is free or whose lease has expired.</summary>
    /// <returns>Null when it is stopped or completed, or another instance was faster.</returns>
    public async Task<SnapshotLease?> TryAcquireAsync(long snapshotId, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE sync.snapshots
               SET owner = $2, fencing_token = fencing_token + 1, leased_until = clock_timestamp() + $3
             WHERE snapshot_id = $1 AND completed_at IS NULL AND stopped_at IS NULL
               AND (owner IS NULL OR leased_until < clock_timestamp())
            RETURNING kind, fencing_token
            """);
        command.Parameters.Add(new() { Value = snapshotId });
        command.Parameters.Add(new() { Value = owner });
        command.Parameters.Add(new() { Value = duration });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new SnapshotLease(snapshotId, SnapshotKinds.Parse(reader.GetString(0)), reader.GetInt64(1)) : null;
    }

    /// <summary>Renews the lease.</summary>
    /// <returns>Whether it is still held; it also ends by a stop.</returns>
    public async Task<bool> RenewAsync(SnapshotLease lease, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE sync.snapshots SET leased_until = clock_timestamp() + $3
             WHERE snapshot_id = $1 AND fencing_token = $2 AND completed_at IS NULL AND stopped_at IS NULL
            """);
        command.Parameters.Add(new() { Value = lease.SnapshotId });
        command.Parameters.Add(new() { Value = lease.FencingToken });
        command.Parameters.Add(new() { Value = duration });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Releases the lease, so that another instance need not wait until it expires.</summary>
    public async Task ReleaseAsync(SnapshotLease lease, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("UPDATE sync.snapshots SET owner = NULL, leased_until = NULL WHERE snapshot_id = $1 AND fencing_token = $2");
        command.Parameters.Add(new() { Value = lease.SnapshotId });
        command.Parameters.Add(new() { Value = lease.FencingToken });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Stops the open snapshot, whichever instance runs it: its current transaction does not commit.
    /// </summary>
    /// <returns>Its id; null when none was running.</returns>
    public async Task<long?> StopAsync(SnapshotKind kind, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE sync.snapshots
               SET stopped_at = clock_timestamp(), fencing_token = fencing_token + 1, owner = NULL, leased_until = NULL
             WHERE completed_at IS NULL AND stopped_at IS NULL AND kind = $1
            RETURNING snapshot_id
            """);
        command.Parameters.Add(new() { Value = kind.Name() });
        return (long?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Resumes a stopped snapshot of a kind.</summary>
    /// <returns>The open snapshot of that kind; null when there is none.</returns>
    public async Task<long?> ResumeAsync(SnapshotKind kind, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("UPDATE sync.snapshots SET stopped_at = NULL WHERE completed_at IS NULL AND kind = $1 RETURNING snapshot_id");
        command.Parameters.Add(new() { Value = kind.Name() });
        return (long?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Deletes a stopped snapshot, so that another can begin.</summary>
    public async Task<bool> DropStoppedAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM sync.snapshots WHERE completed_at IS NULL AND stopped_at IS NOT NULL");
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>The positions of the segments that are not scanned to their end.</summary>
    public async Task<IReadOnlyList<ScanPosition>> ReadUnfinishedAsync(long snapshotId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT segment, (count(*) OVER ())::int, next_key, finished_at IS NOT NULL
              FROM sync.snapshot_segments WHERE snapshot_id = $1 ORDER BY segment
            """);
        command.Parameters.Add(new() { Value = snapshotId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var unfinished = new List<ScanPosition>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!reader.GetBoolean(3))
            {
                unfinished.Add(new ScanPosition(reader.GetInt32(0), reader.GetInt32(1), reader.IsDBNull(2) ? null : reader.GetString(2)));
            }
        }

        return unfinished;
    }

    /// <summary>
    /// Marks a snapshot as complete: the gaps that were found before it began are healed, and its list of
    /// orders may be deleted.
    /// </summary>
    /// <returns>How many gaps it healed.</returns>
    public async Task<int> CompleteAsync(SnapshotLease lease, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = connection.CreateBatch();
        batch.Transaction = transaction;
        batch.BatchCommands.Add(SnapshotFence.For(lease));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("DELETE FROM sync.snapshot_seen"));
        await batch.ExecuteNonQueryAsync(cancellationToken);

        await using var heal = new NpgsqlCommand(
            """
            UPDATE sync.gaps AS g SET healed_at = clock_timestamp()
              FROM sync.snapshots AS s
             WHERE s.snapshot_id = $1 AND g.healed_at IS NULL AND g.detected_at < s.started_at
            """,
            connection,
            transaction)
        {
            Parameters = { new() { Value = lease.SnapshotId } },
        };
        var healed = await heal.ExecuteNonQueryAsync(cancellationToken);
        await using var complete = new NpgsqlCommand(
            "UPDATE sync.snapshots SET completed_at = clock_timestamp(), owner = NULL, leased_until = NULL WHERE snapshot_id = $1", connection, transaction)
        {
            Parameters = { new() { Value = lease.SnapshotId } },
        };
        await complete.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return healed;
    }

    /// <summary>The progress of a snapshot.</summary>
    /// <param name="snapshotId">The snapshot; null for the newest.</param>
    /// <param name="kind">Of this kind only; null for any.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Null when there is none.</returns>
    public async Task<SnapshotProgress?> ReadProgressAsync(long? snapshotId, SnapshotKind? kind, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT s.snapshot_id, s.kind, s.reason,
                   CASE WHEN s.completed_at IS NOT NULL THEN 'completed'
                        WHEN s.stopped_at IS NOT NULL THEN 'stopped'
                        WHEN s.swept_at IS NOT NULL THEN 'deriving'
                        WHEN bool_and(g.finished_at IS NOT NULL) THEN 'removing'
                        ELSE 'scanning' END,
                   s.started_at, s.completed_at, s.owner, s.expected_items,
                   sum(g.items)::bigint, sum(g.orders)::bigint, sum(g.written)::bigint, s.replaced, s.removed, sum(g.broken)::bigint
              FROM (SELECT * FROM sync.snapshots WHERE (snapshot_id = $1 OR $1 IS NULL) AND (kind = $2 OR $2 IS NULL) ORDER BY snapshot_id DESC LIMIT 1) AS s
              JOIN sync.snapshot_segments AS g ON g.snapshot_id = s.snapshot_id
             GROUP BY s.snapshot_id, s.kind, s.reason, s.completed_at, s.stopped_at, s.swept_at, s.started_at, s.owner, s.expected_items, s.replaced, s.removed
            """);
        command.Parameters.Add(new() { Value = (object?)snapshotId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = (object?)kind?.Name() ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return !await reader.ReadAsync(cancellationToken) ? null : new SnapshotProgress
        {
            SnapshotId = reader.GetInt64(0),
            Kind = reader.GetString(1),
            Reason = reader.GetString(2),
            Phase = reader.GetString(3),
            StartedAt = reader.GetFieldValue<DateTimeOffset>(4),
            CompletedAt = reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5),
            Owner = reader.IsDBNull(6) ? null : reader.GetString(6),
            ExpectedItems = reader.GetInt64(7),
            Items = reader.GetInt64(8),
            Orders = reader.GetInt64(9),
            Written = reader.GetInt64(10),
            Replaced = reader.GetInt64(11),
            Removed = reader.GetInt64(12),
            Broken = reader.GetInt64(13),
        };
    }
}
