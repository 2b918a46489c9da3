using Orders.Warehouse.Ledger;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Logs;

/// <summary>Writes noted files into the lake.</summary>
internal sealed class LogWriter(ILakeStore lake)
{
    /// <summary>Writes a file, in place of what an attempt before a crash may have left.</summary>
    /// <param name="noted">The file.</param>
    /// <param name="files">Its rows.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<WrittenFile> WriteAsync(NotedFile noted, LogFiles files, CancellationToken cancellationToken)
    {
        using var scratch = new ScratchFile(Path.GetExtension(noted.Path));
        var key = (noted.Log, noted.Day);
        var bytes = await Task.Run(() => files.Write(key, scratch.Path), cancellationToken);
        await lake.PutAsync(noted.Path, scratch.Path, cancellationToken);
        return new(noted.Path, files.Count(key), bytes, files.ChangedTo(key));
    }

    /// <summary>Finds a file that an attempt before may have written; null when it is not there.</summary>
    public async Task<WrittenFile?> FindAsync(NotedFile noted, CancellationToken cancellationToken)
    {
        await foreach (var found in lake.ListAsync(noted.Path, cancellationToken))
        {
            if (found.Path == noted.Path)
            {
                return new(noted.Path, noted.Rows, found.Bytes, ChangedTo: null);
            }
        }

        return null;
    }

    /// <summary>Deletes what an attempt before may have written.</summary>
    public Task DeleteAsync(NotedFile noted, CancellationToken cancellationToken) => lake.DeleteAsync([noted.Path], cancellationToken);
}
