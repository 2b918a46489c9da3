using System.Globalization;
using DuckDB.NET.Data;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Tables;

/// <summary>
/// What the lake says that a table has: the newest state of each row, from the live files of its log. It is
/// read when a snapshot is compared, and when the stream lacks a value. So nothing has to be kept beside the
/// files, and a change costs nothing for it.
/// </summary>
/// <param name="live">The ledger.</param>
/// <param name="lake">The files.</param>
internal sealed class KnownRows(LiveFiles live, ILakeStore lake)
{
    private const string Changes = "change VARCHAR, key VARCHAR, row VARCHAR, place VARCHAR";

    /// <summary>Opens a database of DuckDB in a folder, with the table <c>known</c> (key, row) of a log's
    /// newest rows.</summary>
    /// <param name="log">The log.</param>
    /// <param name="keys">Only rows with these keys; null for all.</param>
    /// <param name="folder">For its files; larger tables than memory are put there.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<DuckDBConnection> OpenAsync(string log, IReadOnlyCollection<string>? keys, ScratchFolder folder, CancellationToken cancellationToken)
    {
        var paths = await live.FindAsync(log, cancellationToken);
        var connection = Duck.Open(Path.Combine(folder.Path, "rows.duckdb"), threads: 2);
        try
        {
            connection.Execute($"CREATE TABLE changes ({Changes}); CREATE TABLE wanted (key VARCHAR)");
            Append(connection, "wanted", keys ?? []);
            var condition = keys is null ? "" : " WHERE _key IN (SELECT key FROM wanted) OR _change = 'truncate'";
            foreach (var (number, path) in paths.Index())
            {
                cancellationToken.ThrowIfCancellationRequested();
                // One at a time: of other columns than these, files may have any.
                var local = await FetchAsync(path, Path.Combine(folder.Path, $"{number.ToString(CultureInfo.InvariantCulture)}.parquet"), cancellationToken);
                await Task.Run(
                    () => connection.Execute($"INSERT INTO changes SELECT _change, _key, _row, _lsn || printf('-%020d', _ordinal) FROM read_parquet('{ParquetFile.Quote(local)}', hive_partitioning = false){condition}"),
                    cancellationToken);
                if (lake.Folder is null)
                {
                    File.Delete(local);
                }
            }

            await Task.Run(
                () => connection.Execute("""
                    CREATE TABLE known AS
                    SELECT key, arg_max(row, place) AS row
                      FROM changes
                     WHERE key IS NOT NULL AND place > coalesce((SELECT max(place) FROM changes WHERE change = 'truncate'), '')
                     GROUP BY key
                    HAVING arg_max(change, place) NOT IN ('delete', 'vanished');
                    DROP TABLE changes
                    """),
                cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether a log has a live file.</summary>
    public async Task<bool> AnyAsync(string log, CancellationToken cancellationToken) => (await live.FindAsync(log, cancellationToken)).Count > 0;

    /// <summary>The newest state of some rows of a log, by key.</summary>
    public async Task<Dictionary<string, Dictionary<string, string?>>> FindAsync(string log, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        using var folder = new ScratchFolder();
        await using var connection = await OpenAsync(log, keys, folder, cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT key, row FROM known";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new Dictionary<string, Dictionary<string, string?>>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(reader.GetString(0), RowJson.Read(reader.GetString(1)));
        }

        return rows;
    }

    private static void Append(DuckDBConnection connection, string table, IEnumerable<string> values)
    {
        using var appender = connection.CreateAppender(table);
        foreach (var value in values)
        {
            appender.CreateRow().AppendValue(value).EndRow();
        }
    }

    private async Task<string> FetchAsync(string path, string scratch, CancellationToken cancellationToken)
    {
        if (lake.Folder is { } folder)
        {
            return LakePaths.Local(folder, path);
        }

        return await lake.GetAsync(path, scratch, cancellationToken)
            ? scratch
            : throw new LakeException($"{path} is missing in {lake.Name}, and the ledger says that it is there.", isSetup: true);
    }
}
