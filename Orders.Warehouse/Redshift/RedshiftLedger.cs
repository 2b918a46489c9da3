using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Redshift;

/// <summary>What is live in the lake and what is loaded, and how the loads go.</summary>
internal sealed class RedshiftLedger(NpgsqlDataSource database)
{
    /// <summary>Tries after which a file is set aside.</summary>
    public const int MostTries = 3;

    private const int LongestReason = 1_000;

    /// <summary>Reads the live files of the log.</summary>
    public async Task<IReadOnlyList<LiveFile>> LiveAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT path, day, generation, replaces, rows FROM warehouse.files WHERE log = $1 AND state = 'live' ORDER BY day, generation, path");
        command.Parameters.Add(new() { Value = OrderLog.Name });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var files = new List<LiveFile>();
        while (await reader.ReadAsync(cancellationToken))
        {
            files.Add(new(reader.GetString(0), reader.GetFieldValue<DateOnly>(1), reader.GetInt32(2), reader.GetBoolean(3), reader.GetInt64(4)));
        }

        return files;
    }

    /// <summary>Reads the loaded files, in Redshift.</summary>
    public static async Task<IReadOnlyList<LoadedFile>> LoadedAsync(NpgsqlConnection redshift, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT path, CAST(day AS VARCHAR(10)), generation, file_rows, digest FROM lake.loaded_files", redshift);
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

    /// <summary>Reads how often files failed, in Redshift.</summary>
    public static async Task<IReadOnlyDictionary<string, int>> TriesAsync(NpgsqlConnection redshift, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT path, tries FROM lake.failed_files", redshift);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tries = new Dictionary<string, int>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            tries[reader.GetString(0)] = reader.GetInt32(1);
        }

        return tries;
    }

    /// <summary>The statements that count failures, and forget those of files that are no longer
    /// live.</summary>
    /// <param name="failed">The files that failed now.</param>
    /// <param name="tries">How often which failed before.</param>
    /// <param name="live">The paths of the live files.</param>
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

    /// <summary>Notes in Postgres how a load ended.</summary>
    /// <param name="isComplete">Whether it left nothing out.</param>
    /// <param name="files">Files whose rows are in Redshift; null when that is not known.</param>
    /// <param name="setAside">Files that are set aside; null when that is not known.</param>
    /// <param name="problem">Why it failed; null when it did not.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task NoteAsync(bool isComplete, long? files, long? setAside, string? problem, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO warehouse.redshift AS r (tried_at, complete_at, files, set_aside, problem)
            VALUES (clock_timestamp(), CASE WHEN $1 THEN clock_timestamp() END, coalesce($2, 0), coalesce($3, 0), $4)
            ON CONFLICT (one) DO UPDATE SET tried_at = excluded.tried_at, complete_at = coalesce(excluded.complete_at, r.complete_at),
                files = coalesce($2, r.files), set_aside = coalesce($3, r.set_aside), problem = excluded.problem
            """);
        command.Parameters.Add(new() { Value = isComplete });
        command.Parameters.Add(new() { Value = (object?)files ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = (object?)setAside ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = (object?)problem ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads how the loads go; null before the first.</summary>
    public async Task<RedshiftStatus?> StatusAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT extract(epoch FROM clock_timestamp() - complete_at)::float8, files, set_aside, problem FROM warehouse.redshift");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.IsDBNull(0) ? null : Math.Max(0, reader.GetDouble(0)), reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(3) ? null : reader.GetString(3))
            : null;
    }
}
