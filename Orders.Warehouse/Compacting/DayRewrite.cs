using System.Data.Common;
using System.Globalization;
using Npgsql;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Compacting;

/// <summary>
/// Writes the files of a day anew: all of its rows, or all but some, in few large files. They are not read
/// before <see cref="Replacements"/> makes them live.
/// </summary>
internal sealed class DayRewrite(NpgsqlDataSource database, ILakeStore lake)
{
    private const string LargestFile = "256MB";

    /// <summary>Writes a day anew.</summary>
    /// <param name="log">The log.</param>
    /// <param name="day">The day.</param>
    /// <param name="leaveOut">An SQL condition for the rows that are left out; null for none.</param>
    /// <param name="cancellationToken">Stops it; what it wrote is then swept later.</param>
    /// <returns>The rows that were left out; null when files of the day are on their way, small ones or
    /// those of another rewriting: try again later.</returns>
    /// <exception cref="LakeException">A file of the day is not what the ledger says, or the store
    /// failed.</exception>
    public async Task<long?> WriteAsync(string log, DateOnly day, string? leaveOut, CancellationToken cancellationToken)
    {
        await using var turn = await LedgerTurn.TryTakeAsync(database, LakePaths.Day(log, day), cancellationToken);
        if (turn is null || await SealAsync(log, day, cancellationToken) is not { } generation)
        {
            return null;
        }

        var replaced = await FindReplacedAsync(log, day, generation, cancellationToken);
        using var scratch = new ScratchFolder();
        var sources = await FetchAsync(replaced, scratch.Path, cancellationToken);
        var target = Path.Combine(scratch.Path, "whole");
        var (rows, left) = await Task.Run(() => Copy(sources, target, leaveOut), cancellationToken);
        var expected = replaced.Sum(file => file.Rows);
        if (rows != expected)
        {
            throw new LakeException(
                $"The files of {LakePaths.Day(log, day)} hold {rows} rows and the ledger says {expected}: they are left as they are. warehouse.files in Postgres has the rows of each.", isSetup: true);
        }

        string[] parts = [.. Directory.EnumerateFiles(target, "*.parquet").Order(StringComparer.Ordinal)];
        string[] paths = [.. parts.Select((_, part) => LakePaths.Compact(log, day, generation, part))];
        await ExecuteAsync([ReplacementCommands.Note(log, day, generation, paths)], cancellationToken);
        var written = new List<WrittenFile>();
        foreach (var (path, part) in paths.Zip(parts))
        {
            await lake.PutAsync(path, part, cancellationToken);
            written.Add(new(path, Count(part), new FileInfo(part).Length, ChangedTo: null));
        }

        await ExecuteAsync([ReplacementCommands.Written(written)], cancellationToken);
        return left;
    }

    private async Task<int?> SealAsync(string log, DateOnly day, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var sealing = connection.CreateBatch();
        sealing.BatchCommands.Add(ReplacementCommands.Lock(log, day));
        sealing.BatchCommands.Add(ReplacementCommands.Seal(log, day));
        int generation;
        await using (var reader = await sealing.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
            {
                return null;
            }

            generation = reader.GetInt32(0);
        }

        await transaction.CommitAsync(cancellationToken);
        return generation;
    }

    private async Task<List<(string Path, long Rows)>> FindReplacedAsync(string log, DateOnly day, int generation, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(ReplacementCommands.FindReplaced(log, day, generation));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var files = new List<(string, long)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            files.Add((reader.GetString(0), reader.GetInt64(1)));
        }

        return files;
    }

    private async Task<List<string>> FetchAsync(List<(string Path, long Rows)> files, string scratch, CancellationToken cancellationToken)
    {
        if (lake.Folder is { } folder)
        {
            return [.. files.Select(file => LakePaths.Local(folder, file.Path))];
        }

        var local = new List<string>();
        foreach (var (path, _) in files)
        {
            var file = Path.Combine(scratch, string.Create(CultureInfo.InvariantCulture, $"{local.Count}.parquet"));
            if (!await lake.GetAsync(path, file, cancellationToken))
            {
                throw new LakeException($"{path} is missing in {lake.Name}, and the ledger says that it is there.", isSetup: true);
            }

            local.Add(file);
        }

        return local;
    }

    private static (long Rows, long Left) Copy(List<string> sources, string target, string? leaveOut)
    {
        using var duck = Duck.Open();
        var all = ParquetFile.Rows(sources);
        try
        {
            var rows = (long)duck.Scalar($"SELECT count(*) FROM {all}")!;
            var left = leaveOut is null ? 0 : (long)duck.Scalar($"SELECT count(*) FROM {all} WHERE {leaveOut}")!;
            var kept = leaveOut is null ? "" : $" WHERE ({leaveOut}) IS NOT TRUE";
            duck.Execute($"COPY (SELECT * FROM {all}{kept}) TO '{ParquetFile.Quote(target)}' (FORMAT parquet, COMPRESSION zstd, FILE_SIZE_BYTES '{LargestFile}')");
            return (rows, left);
        }
        catch (DbException broken)
        {
            throw new LakeException($"A file of the day cannot be read: {broken.Message} It is left as it is; nothing was replaced.", isSetup: true, broken);
        }
    }

    private static long Count(string file)
    {
        using var duck = Duck.Open();
        return (long)duck.Scalar($"SELECT count(*) FROM read_parquet('{ParquetFile.Quote(file)}', hive_partitioning = false)")!;
    }

    private async Task ExecuteAsync(NpgsqlBatchCommand[] commands, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
