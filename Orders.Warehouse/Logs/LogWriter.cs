using Orders.Warehouse.Ledger;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Logs;

/// <summary>Writes noted files into the lake.</summary>
internal sealed class LogWriter(ILakeStore lake)
{
    /// <summary>Writes the files of a range that are noted. One for which there are no rows was noted by an
    /// attempt before a crash, and is deleted.</summary>
    /// <param name="noted">The files.</param>
    /// <param name="files">Their rows.</param>
    /// <param name="keepsWritten">Whether a file that is in the lake stays as it is: its rows cannot all be
    /// read again.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <returns>What is written, and the paths that never will be.</returns>
    public async Task<(List<WrittenFile> Written, List<string> Unwritten)> WriteAllAsync(
        IEnumerable<NotedFile> noted, LogFiles files, bool keepsWritten, CancellationToken cancellationToken)
    {
        var (written, unwritten) = (new List<WrittenFile>(), new List<string>());
        foreach (var file in noted)
        {
            if ((keepsWritten ? await FindAsync(file, cancellationToken) : null) is { } kept)
            {
                written.Add(kept);
            }
            else if (files.Count((file.Log, file.Day)) > 0)
            {
                written.Add(await WriteAsync(file, files, cancellationToken));
            }
            else
            {
                await lake.DeleteAsync([file.Path], cancellationToken);
                unwritten.Add(file.Path);
            }
        }

        return (written, unwritten);
    }

    /// <summary>Writes a file, in place of what an attempt before a crash may have left.</summary>
    /// <param name="noted">The file.</param>
    /// <param name="files">Its rows.</param>
    /// <param name="cancellationToken">Stops it.</param>
    private async Task<WrittenFile> WriteAsync(NotedFile noted, LogFiles files, CancellationToken cancellationToken)
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
}
