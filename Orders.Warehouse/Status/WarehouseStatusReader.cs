using Npgsql;
using Orders.Warehouse.Redshift;
using Orders.Warehouse.Store;
using Orders.Warehouse.Tables;

namespace Orders.Warehouse.Status;

/// <summary>Reads the status from the ledger.</summary>
internal sealed class WarehouseStatusReader(NpgsqlDataSource database, ILakeStore lake, TablesStatusReader tables, RedshiftNotes redshift)
{
    // Until when all of every open shard is in the lake: the smallest of them. A shard of which nothing is
    // known makes it unknown.
    private const string StreamSql =
        """
        SELECT (SELECT count(*) FROM warehouse.instances WHERE alive_until >= clock_timestamp()),
               count(*), CASE WHEN count(*) > 0 AND bool_and(as_of IS NOT NULL) THEN extract(epoch FROM clock_timestamp() - min(as_of))::float8 END,
               (SELECT count(*) FROM warehouse.gaps WHERE healed_at IS NULL)
          FROM warehouse.shards WHERE finished_at IS NULL
        """;

    private const string LogsSql =
        """
        SELECT log, count(*) FILTER (WHERE state = 'live'), coalesce(sum(rows) FILTER (WHERE state = 'live'), 0)::bigint,
               coalesce(sum(bytes) FILTER (WHERE state = 'live'), 0)::bigint, count(DISTINCT day) FILTER (WHERE state = 'live'),
               extract(epoch FROM clock_timestamp() - max(live_at) FILTER (WHERE state = 'live'))::float8,
               count(*) FILTER (WHERE state = 'noted'), count(*) FILTER (WHERE state = 'superseded')
          FROM warehouse.files WHERE log NOT LIKE 'quarantine/%'
         GROUP BY log ORDER BY log
        """;

    private const string QuarantineSql = "SELECT count(*), coalesce(sum(rows), 0)::bigint FROM warehouse.files WHERE log LIKE 'quarantine/%' AND state = 'live'";

    private const string SnapshotSql = "SELECT snapshot_id, reason, finished_at IS NULL, skipped, found, vanished FROM warehouse.snapshots ORDER BY snapshot_id DESC LIMIT 1";

    private const string StateSql =
        """
        SELECT rows, (SELECT coalesce(sum(rows), 0)::bigint FROM warehouse.files WHERE log = 'orders_changes' AND state = 'live' AND NOT is_covered),
               extract(epoch FROM clock_timestamp() - live_at)::float8
          FROM warehouse.order_states WHERE state = 'live' ORDER BY number DESC LIMIT 1
        """;

    /// <summary>Reads it.</summary>
    public async Task<WarehouseStatus> ReadAsync(CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        foreach (var sql in (string[])[StreamSql, LogsSql, QuarantineSql, StateSql, SnapshotSql])
        {
            batch.BatchCommands.Add(new(sql));
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var stream = new StreamStatus(reader.GetInt64(0), reader.GetInt64(1), Seconds(reader, 2), reader.GetInt64(3));
        await reader.NextResultAsync(cancellationToken);
        var logs = new List<LogStatus>();
        while (await reader.ReadAsync(cancellationToken))
        {
            logs.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), Seconds(reader, 5), reader.GetInt64(6), reader.GetInt64(7)));
        }

        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var quarantine = new QuarantineStatus(reader.GetInt64(0), reader.GetInt64(1));
        await reader.NextResultAsync(cancellationToken);
        var state = await reader.ReadAsync(cancellationToken) ? new StateStatus(reader.GetInt64(0), reader.GetInt64(1), Seconds(reader, 2)) : null;
        await reader.NextResultAsync(cancellationToken);
        var snapshot = await reader.ReadAsync(cancellationToken)
            ? new SnapshotStatus(reader.GetInt64(0), reader.GetString(1), reader.GetBoolean(2), reader.GetBoolean(3), reader.GetInt64(4), reader.GetInt64(5))
            : null;
        await reader.DisposeAsync();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return new(lake.Name, stream, logs, quarantine, state, snapshot, await tables.ReadAsync(connection, cancellationToken), await redshift.StatusAsync(cancellationToken));
    }

    // Another machine's clock may be a little ahead of the database's.
    private static double? Seconds(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : Math.Max(0, Math.Round(reader.GetDouble(column), 1));
}
