using System.Data.Common;
using Npgsql;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Embedded;

/// <summary>The newest state of each order as the ledger has it, for this program's own comparisons: the
/// SELECT of the views, over the files that are live and no others.</summary>
internal sealed class NewestOrders(NpgsqlDataSource database, LakeMirror mirror)
{
    // Files go long after others took their place, so a second attempt is rare, and a third only where they
    // go sooner.
    private const int Attempts = 30;

    /// <summary>
    /// Runs a query over it. It is run again when a file was replaced and deleted meanwhile.
    /// </summary>
    /// <param name="sql">Makes the query of two relations: the newest state (<c>orders_newest</c> of the
    /// views), and all changes.</param>
    /// <param name="read">Reads a row.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The rows; none when the log has no file.</returns>
    /// <exception cref="LakeException">A file cannot be read.</exception>
    public async Task<List<T>> QueryAsync<T>(Func<string, string, string> sql, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await QueryOnceAsync(sql, read, cancellationToken);
            }
            catch (LakeException failure) when (attempt < Attempts && failure.InnerException is DbException lost && QueryFaults.Of(lost.Message).Fault == QueryFault.Gone)
            {
                // What replaced the file is live now.
            }
        }
    }

    private async Task<List<T>> QueryOnceAsync<T>(Func<string, string, string> sql, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var (files, state) = await FindAsync(cancellationToken);
        if (files.Count == 0)
        {
            return [];
        }

        await mirror.RefreshAsync(cancellationToken);
        var since = files.Where(file => !file.IsCovered).Select(file => file.Path);
        var newest = ViewScript.Newest($"FROM {Read(since, OrderLog.Nothing)} c", $"FROM {Read(state.Files, OrderStateFile.Nothing)} s");
        var log = Read(files.Select(file => file.Path), OrderLog.Nothing);
        return await Task.Run(() => LogReader.Query(sql($"({newest})", log), read), cancellationToken);
    }

    // The files first: a state that comes between the two has more of them.
    private async Task<(IReadOnlyList<LoggedFile> Files, StoredState State)> FindAsync(CancellationToken cancellationToken)
    {
        await using var asking = database.CreateBatch();
        asking.BatchCommands.Add(StateCommands.FindFiles());
        asking.BatchCommands.Add(StateCommands.FindLive());
        await using var reader = await asking.ExecuteReaderAsync(cancellationToken);
        var files = await StateCommands.ReadFilesAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return (files, (await StateCommands.ReadAsync(reader, cancellationToken)).SingleOrDefault() ?? StoredState.None);
    }

    private string Read(IEnumerable<string> paths, string nothing)
    {
        string[] files = [.. paths.Select(path => LakePaths.Local(mirror.Folder, path))];
        return files.Length == 0 ? nothing : ParquetFile.Rows(files);
    }
}
