using System.Data.Common;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Logs;

/// <summary>Reads a log as the ledger has it: its live files, and no others.</summary>
internal sealed class LogReader(LiveFiles files, LakeMirror mirror)
{
    /// <summary>Runs a query over a log.</summary>
    /// <param name="log">The log.</param>
    /// <param name="sql">The query, of the relation <c>log</c>: what comes after
    /// <c>WITH log AS (…)</c>.</param>
    /// <param name="read">Reads a row.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The rows; none when the log has no file.</returns>
    /// <exception cref="LakeException">A file cannot be read.</exception>
    public async Task<List<T>> QueryAsync<T>(string log, string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var live = await files.FindAsync(log, cancellationToken);
        if (live.Count == 0)
        {
            return [];
        }

        await mirror.RefreshAsync(cancellationToken);
        var rows = ParquetFile.Rows(live.Select(path => LakePaths.Local(mirror.Folder, path)));
        return await Task.Run(() => Query($"WITH log AS (SELECT * FROM {rows}) {sql}", read), cancellationToken);
    }

    /// <summary>Runs a query over files.</summary>
    /// <param name="sql">The query, with the files in it.</param>
    /// <param name="read">Reads a row.</param>
    /// <exception cref="LakeException">A file cannot be read.</exception>
    public static List<T> Query<T>(string sql, Func<DbDataReader, T> read)
    {
        using var connection = Duck.Open(threads: Environment.ProcessorCount);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        try
        {
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(read(reader));
            }

            return rows;
        }
        catch (DbException broken)
        {
            throw new LakeException($"The log cannot be read: {broken.Message}", isSetup: true, broken);
        }
    }
}
