using System.Runtime.CompilerServices;
using DuckDB.NET.Data;
using Npgsql;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Settings;

namespace Orders.Warehouse.Tables;

/// <summary>
/// Reads tables whole, at a slot's consistent point. Of a table that has a log already, only what differs
/// from it is written: rows that are new or have other values, and rows that are gone.
/// </summary>
internal sealed partial class TableSnapshots(
    NpgsqlDataSource database, TablesLedger ledger, TableLooks looks, PgTypes types, KnownRows known, TableFiles files, SlotNames names, WarehouseSettings settings, TablesMetrics metrics,
    TableSteps steps, ILogger<TableSnapshots> logger)
{
    // As those of the stream, so that equal values have equal texts. Policies that hide rows raise an error.
    private const string Session =
        """
        SET LOCAL datestyle = 'ISO'; SET LOCAL timezone = 'UTC'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1;
        SET LOCAL row_security = off; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = '30s'
        """;

    /// <summary>Reads a table and writes what is new of it.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="table">The table, as it was before the snapshot.</param>
    /// <param name="look">What the catalog said of it before the snapshot.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="cancellationToken">Stops it. Another snapshot then writes what this one did not.</param>
    /// <returns>False when the table was altered meanwhile: it needs a later snapshot.</returns>
    public async Task<bool> RunAsync(SlotLease lease, TableRecord table, TableLook look, ExportedSnapshot snapshot, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        await ExecuteAsync(connection, $"SET TRANSACTION SNAPSHOT '{snapshot.Name}'", cancellationToken);
        await ExecuteAsync(connection, Session, cancellationToken);
        DateTime readAt;
        try
        {
            await ExecuteAsync(connection, $"LOCK TABLE {(look.Kind == 'r' ? "ONLY " : "")}{look.Name.Quoted} IN ACCESS SHARE MODE", cancellationToken);
            await using var clock = new NpgsqlCommand("SELECT clock_timestamp()", connection);
            readAt = (DateTime)(await clock.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (PostgresException gone) when (gone.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }

        // To this snapshot, a table that was rewritten since is empty.
        if ((await looks.FindAsync([look.Name], cancellationToken))[0] is var now && (now.Relation, now.Attributes, now.Files, now.KeyNumbers) != (look.Relation, look.Attributes, look.Files, look.KeyNumbers))
        {
            return false;
        }

        var columns = await looks.ColumnsAsync(look.Relation!.Value, cancellationToken);
        await types.LoadAsync(columns.Select(column => column.Type), cancellationToken);
        var schema = new TableSchema([.. columns.Select(column => new TableColumn(column.Name, SqlColumnType.Of(types.Find, column.Type, column.Modifier)))], look.KeyColumns);
        var copy = $"COPY (SELECT {string.Join(", ", columns.Select(column => SqlName.Quote(column.Name)))} FROM {(look.Kind == 'r' ? "ONLY " : "")}{look.Name.Quoted}) TO STDOUT";
        var rows = await known.AnyAsync(table.Log, cancellationToken) ? DifferencesAsync(connection, copy, table.Log, schema, cancellationToken) : AllAsync(connection, copy, schema, cancellationToken);
        var (found, vanished) = await WriteAsync(lease, table.Log, schema, snapshot.Lsn, readAt, rows, cancellationToken);
        await ledger.SnapshottedAsync(
            lease,
            table with
            {
                State = TableState.Streaming,
                Reason = null,
                Relation = look.Relation,
                Entry = now.Entry,
                KeyNumbers = look.KeyNumbers,
                KeyColumns = look.KeyColumns,
                Attributes = look.Attributes,
                SnapshotLsn = snapshot.Lsn,
            },
            found, vanished, cancellationToken);
        metrics.Snapshot(table.Log);
        LogDone(table.Name, found, vanished);
        return true;
    }

    private async Task<(long Found, long Vanished)> WriteAsync(
        SlotLease lease, string log, TableSchema schema, ulong lsn, DateTime readAt, IAsyncEnumerable<(string Change, string Key, string?[] Values, string? Text)> rows, CancellationToken cancellationToken)
    {
        var (found, vanished) = (0L, 0L);
        var part = new List<TableRow>();
        await foreach (var (change, key, values, text) in rows.WithCancellation(cancellationToken))
        {
            // A change that was committed at the consistent point itself is after the snapshot.
            part.Add(new(log, schema, change, key, new(lsn - 1, found + vanished), readAt, Xid: null, values) { Text = text });
            found += change == TableChange.Found ? 1 : 0;
            vanished += change == TableChange.Vanished ? 1 : 0;
            if (part.Count >= settings.FileRows)
            {
                await WriteAsync();
            }
        }

        if (part.Count > 0)
        {
            await WriteAsync();
        }

        return (found, vanished);

        async Task WriteAsync()
        {
            await files.WriteAsync(lease, names.SnapshotSource(lsn), part, [], [], cancellationToken);
            part = [];
            await steps.Reached(TableStep.SnapshotPart);
        }
    }

    private static async IAsyncEnumerable<(string Change, string Key, string?[] Values, string? Text)> AllAsync(
        NpgsqlConnection connection, string copy, TableSchema schema, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = await connection.BeginTextExportAsync(copy, cancellationToken);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var values = CopyText.Read(line, schema.Columns.Count);
            yield return (TableChange.Found, schema.KeyOf(values), values, null);
        }
    }

    private async IAsyncEnumerable<(string Change, string Key, string?[] Values, string? Text)> DifferencesAsync(
        NpgsqlConnection connection, string copy, string log, TableSchema schema, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var folder = new ScratchFolder();
        await using var duck = await known.OpenAsync(log, keys: null, folder, cancellationToken);
        duck.Execute("CREATE TABLE present (key VARCHAR, row VARCHAR)");
        await AppendAsync(connection, copy, schema, duck, cancellationToken);
        await using var command = duck.CreateCommand();
        command.CommandText =
            """
            SELECT coalesce(p.key, k.key), p.row, k.row
              FROM present AS p FULL JOIN known AS k ON k.key = p.key
             WHERE p.row IS DISTINCT FROM k.row
            """;
        command.UseStreamingMode = true;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var key = reader.GetString(0);
            var last = reader.IsDBNull(2) ? null : RowJson.Read(reader.GetString(2));
            if (reader.IsDBNull(1))
            {
                yield return (TableChange.Vanished, key, schema.Values(last!), reader.GetString(2));
                continue;
            }

            // A column that the log lacks was added without a value.
            var values = schema.Values(RowJson.Read(reader.GetString(1)));
            if (last is null || !schema.Values(last).SequenceEqual(values, StringComparer.Ordinal))
            {
                yield return (TableChange.Found, key, values, reader.GetString(1));
            }
        }
    }

    private static async Task AppendAsync(NpgsqlConnection connection, string copy, TableSchema schema, DuckDBConnection duck, CancellationToken cancellationToken)
    {
        using var reader = await connection.BeginTextExportAsync(copy, cancellationToken);
        using var appender = duck.CreateAppender("present");
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var values = CopyText.Read(line, schema.Columns.Count);
            appender.CreateRow().AppendValue(schema.KeyOf(values)).AppendValue(RowJson.Row(schema.Columns, values)).EndRow();
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A snapshot of {Table}: {Found} rows are new or different, {Vanished} are gone")]
    private partial void LogDone(string table, long found, long vanished);
}
