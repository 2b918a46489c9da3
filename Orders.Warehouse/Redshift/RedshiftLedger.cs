using System.Globalization;
using Npgsql;
using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Redshift;

/// <summary>What is live in the lake, and what is loaded.</summary>
internal sealed class RedshiftLedger(NpgsqlDataSource database)
{
    /// <summary>Tries after which a file is set aside.</summary>
    public const int MostTries = 3;

    private const int LongestReason = 1_000;

    /// <summary>Reads the live files of a log.</summary>
    public async Task<IReadOnlyList<LiveFile>> LiveAsync(string log, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT path, day, generation, replaces, rows FROM warehouse.files WHERE log = $1 AND state = 'live' ORDER BY day, generation, path");
        command.Parameters.Add(new() { Value = log });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var files = new List<LiveFile>();
        while (await reader.ReadAsync(cancellationToken))
        {
            files.Add(new(reader.GetString(0), reader.GetFieldValue<DateOnly>(1), reader.GetInt32(2), reader.GetBoolean(3), reader.GetInt64(4)));
        }

        return files;
    }

    /// <summary>Reads the logs of SQL tables. Every live file has a schema there.</summary>
    public async Task<IReadOnlyList<LoadedTable>> TablesAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT log, columns::text FROM warehouse.sql_table_schemas ORDER BY log, first_place, fingerprint");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var schemas = new List<(string Log, string Columns)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            schemas.Add((reader.GetString(0), reader.GetString(1)));
        }

        return [.. schemas.GroupBy(schema => schema.Log, schema => schema.Columns, StringComparer.Ordinal).Select(log => new LoadedTable(log.Key, RedshiftColumn.Of(log)))];
    }

    /// <summary>Tells whether anything has come since: it is another text then.</summary>
    public async Task<string> FingerprintAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT count(*), max(live_at)::text FROM warehouse.files WHERE (log = $1 OR log IN (SELECT log FROM warehouse.sql_table_schemas)) AND state = 'live'");
        command.Parameters.Add(new() { Value = OrderLog.Name });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"{reader.GetInt64(0)} {(reader.IsDBNull(1) ? "" : reader.GetString(1))}");
    }

    /// <summary>Reads the loaded files of a log, in Redshift.</summary>
    public static async Task<IReadOnlyList<LoadedFile>> LoadedAsync(NpgsqlConnection redshift, ILoadedLog log, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT path, CAST(day AS VARCHAR(10)), generation, file_rows, digest FROM {log.Ledger} WHERE {IsOf(log.Name)}", redshift);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var files = new List<LoadedFile>();
        while (await reader.ReadAsync(cancellationToken))
        {
            files.Add(new(
                reader.GetString(0), DateOnly.ParseExact(reader.GetString(1), "yyyy-MM-dd", CultureInfo.InvariantCulture), reader.GetInt32(2), reader.GetInt64(3),
                ulong.Parse(reader.GetString(4), CultureInfo.InvariantCulture)));
        }

        return files;
    }

    /// <summary>Reads how often files of a log failed, in Redshift.</summary>
    public static async Task<IReadOnlyDictionary<string, int>> TriesAsync(NpgsqlConnection redshift, string log, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT path, tries FROM lake.failed_files WHERE {IsOf(log)}", redshift);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tries = new Dictionary<string, int>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            tries[reader.GetString(0)] = reader.GetInt32(1);
        }

        return tries;
    }

    /// <summary>Reads the columns that the tables of a log have in Redshift, by name, each with its
    /// description.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ColumnsAsync(NpgsqlConnection redshift, string log, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT column_name, description FROM lake.table_columns WHERE log = '{RedshiftSql.Quote(log)}'", redshift);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            columns[reader.GetString(0)] = reader.GetString(1);
        }

        return columns;
    }

    /// <summary>The statements that count failures, and forget those of files that are no longer
    /// live.</summary>
    /// <param name="failed">The files that failed now.</param>
    /// <param name="tries">How often which of the log failed before.</param>
    /// <param name="live">The paths of the log's live files.</param>
    /// <param name="now">Now.</param>
    public static IEnumerable<string> Fail(IReadOnlyCollection<FailedFile> failed, IReadOnlyDictionary<string, int> tries, IReadOnlySet<string> live, DateTimeOffset now)
    {
        var forgotten = tries.Keys.Where(path => !live.Contains(path)).Concat(failed.Select(file => file.Path)).ToList();
        if (forgotten.Count > 0)
        {
            yield return $"DELETE FROM lake.failed_files WHERE path IN ({string.Join(", ", forgotten.Select(path => $"'{RedshiftSql.Quote(path)}'"))})";
        }

        foreach (var file in failed)
        {
            var reason = file.Reason.Length > LongestReason ? file.Reason[..LongestReason] : file.Reason;
            yield return RedshiftSql.Insert("lake.failed_files (path, tries, reason, failed_at)", [[file.Path, tries.GetValueOrDefault(file.Path) + 1, reason, now]]);
        }
    }

    // Every path begins with its log.
    private static string IsOf(string log) => $"substring(path, 1, {(log.Length + 1).ToString(CultureInfo.InvariantCulture)}) = '{RedshiftSql.Quote(log)}/'";
}
