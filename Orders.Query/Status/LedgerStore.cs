using Npgsql;
using Orders.Query.Reading;
using Orders.ServiceDefaults.Stores;

namespace Orders.Query.Status;

/// <summary>
/// Reads the ledger of Orders.Warehouse: the schema <c>warehouse</c> of the same database. It may not be
/// there, and may be closed to this service's user.
/// </summary>
internal sealed class LedgerStore(ReadModel readModel)
{
    private const string NotComplete = "Its ledger is not complete: Orders.Warehouse makes it when it starts.";

    // A ledger that is locked or very large must not look like a Postgres that does not answer: reads of
    // orders would then stop, too.
    private const string LimitSql = "SELECT set_config('statement_timeout', '500ms', true)";

    // Asked of the catalogue, which everybody may read: no error is left in the server's log.
    private const string LookSql =
        """
        SELECT count(*)::int, coalesce(bool_and(has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')), false)
          FROM pg_namespace AS n JOIN pg_class AS c ON c.relnamespace = n.oid
         WHERE n.nspname = 'warehouse' AND c.relname = ANY ($1)
        """;

    // A shard of which nothing is known makes the lag unknown; so does the lack of any.
    private const string StateSql =
        """
        SELECT (SELECT count(*)::int FROM warehouse.instances WHERE alive_until >= clock_timestamp()),
               (SELECT count(*) FROM warehouse.gaps WHERE healed_at IS NULL) + (SELECT count(*) FROM warehouse.slot_gaps WHERE healed_at IS NULL),
               (SELECT CASE WHEN bool_and(as_of IS NOT NULL) THEN extract(epoch FROM clock_timestamp() - min(as_of))::float8 END FROM warehouse.shards WHERE finished_at IS NULL),
               extract(epoch FROM clock_timestamp() - max(live_at) FILTER (WHERE log NOT LIKE 'quarantine/%'))::float8,
               coalesce(sum(rows) FILTER (WHERE log NOT LIKE 'quarantine/%'), 0)::bigint,
               coalesce(sum(rows) FILTER (WHERE log LIKE 'quarantine/%'), 0)::bigint
          FROM warehouse.files WHERE state = 'live'
        """;

    // A reader of a cluster does not see the slots of its writer.
    private const string SlotSql =
        """
        SELECT CASE WHEN NOT pg_is_in_recovery() THEN s.slot_name IS NOT NULL AND coalesce(s.wal_status, '') <> 'lost' END,
               k.held_until > clock_timestamp() AND k.problem IS NULL, extract(epoch FROM clock_timestamp() - k.caught_up_at)::float8,
               CASE WHEN NOT pg_is_in_recovery() THEN (pg_current_wal_insert_lsn() - coalesce(s.confirmed_flush_lsn, s.restart_lsn))::bigint END,
               (SELECT count(*) FROM warehouse.sql_tables WHERE slot = k.name AND state = 'refused')
          FROM warehouse.slots AS k LEFT JOIN pg_replication_slots AS s ON s.slot_name = k.name
         ORDER BY k.held_until DESC LIMIT 1
        """;

    private static readonly string[] Tables = ["files", "gaps", "instances", "shards", "slot_gaps", "slots", "sql_tables"];

    /// <summary>Reads it, and judges it.</summary>
    public async Task<WarehouseAnswer> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await readModel.ReadAsync(ReadAsync, cancellationToken);
        }
        catch (PostgresException changed) when (changed.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            return WarehouseReport.Unknown(NotComplete);
        }
        catch (PostgresException late) when (late.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            return WarehouseReport.Unknown("Its ledger does not answer in time.");
        }
        catch (PostgresException refused)
        {
            return WarehouseReport.Unknown($"Its ledger cannot be read: Postgres answers {refused.SqlState}.");
        }
        catch (Exception failure) when (PostgresFaults.IsNoAnswer(failure))
        {
            return WarehouseReport.Unknown("Its ledger cannot be read: Postgres does not answer.");
        }
    }

    private static async Task<WarehouseAnswer> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using (var look = new NpgsqlCommand(LookSql, connection) { Parameters = { new() { Value = Tables } } })
        {
            await using var found = await look.ExecuteReaderAsync(cancellationToken);
            await found.ReadAsync(cancellationToken);
            var (tables, isReadable) = (found.GetInt32(0), found.GetBoolean(1));
            if (tables == 0)
            {
                return WarehouseReport.Absent;
            }

            if (!isReadable)
            {
                return WarehouseReport.Unknown("Its ledger cannot be read: the database user of Orders.Query may not SELECT in the schema warehouse.");
            }

            if (tables < Tables.Length)
            {
                return WarehouseReport.Unknown(NotComplete);
            }
        }

        return WarehouseReport.Of(await ReadStateAsync(connection, cancellationToken));
    }

    private static async Task<LedgerState> ReadStateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in (string[])[LimitSql, StateSql, SlotSql])
        {
            batch.BatchCommands.Add(new(sql));
        }

        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        var state = new LedgerState(rows.GetInt32(0), rows.GetInt64(1), Seconds(rows, 2), Seconds(rows, 3), rows.GetInt64(4), rows.GetInt64(5), Slot: null);
        await rows.NextResultAsync(cancellationToken);
        return !await rows.ReadAsync(cancellationToken)
            ? state
            : state with
            {
                Slot = new(
                    rows.IsDBNull(0) ? null : rows.GetBoolean(0), rows.GetBoolean(1), Seconds(rows, 2), rows.IsDBNull(3) ? null : Math.Max(0, rows.GetInt64(3)), rows.GetInt64(4)),
            };
    }

    // A time that another machine's clock has set may be a little ahead of the database's.
    private static TimeSpan? Seconds(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : TimeSpan.FromSeconds(Math.Max(0, row.GetDouble(column)));
}
