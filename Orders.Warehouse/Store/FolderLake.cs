using System.Collections.Concurrent;
using Orders.Warehouse.Settings;

namespace Orders.Warehouse.Store;

/// <summary>A lake whose objects are the files of a folder.</summary>
/// <param name="folder">The folder, <see cref="WarehouseSettings.Lake"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class FolderLake(string folder, TimeProvider time) : ILakeStore
{
    private const int BufferBytes = 1024 * 1024;

    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };

    // The folders right below, of which it is known that they were there.
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    public string Name => folder;

    public string? Folder => folder;

    public async Task PutAsync(string path, string file, CancellationToken cancellationToken)
    {
        var target = FileOf(path);
        ThrowIfGone();
        await using var content = Open(file);
        await GuardAsync(() => LakeFile.WriteAsync(
            target,
            (stream, token) =>
            {
                content.Position = 0;
                return content.CopyToAsync(stream, BufferBytes, token);
            },
            isDurable: true,
            cancellationToken,
            LakeFile.RightsOf(folder)));
        _known.TryAdd(path[..Math.Max(path.IndexOf('/', StringComparison.Ordinal), 0)], true);
    }

    public async Task<bool> GetAsync(string path, string file, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = Open(FileOf(path));
            await LakeFile.WriteAsync(
                file,
                (stream, token) =>
                {
                    content.Position = 0;
                    return content.CopyToAsync(stream, BufferBytes, token);
                },
                isDurable: false,
                cancellationToken);
            return true;
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception failure) when (FolderFaults.IsOne(failure))
        {
            throw FolderFaults.Explain(failure, folder, LakeException.Setting);
        }
    }

    public Task DeleteAsync(IReadOnlyCollection<string> paths, CancellationToken cancellationToken) => GuardAsync(() => Task.Run(
        () =>
        {
            var files = paths.Select(FileOf).ToList();
            foreach (var file in files)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Delete(file);
            }

            foreach (var touched in files.Select(file => Path.GetDirectoryName(file)!).Distinct(StringComparer.Ordinal))
            {
                DirectorySync.Flush(touched);
            }
        },
        cancellationToken));

    public async IAsyncEnumerable<LakeObject> ListAsync(string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<LakeObject> found = [];
        await GuardAsync(() => Task.Run(() => found = List(prefix, cancellationToken), cancellationToken));
        foreach (var each in found)
        {
            yield return each;
        }
    }

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await GuardAsync(() => Task.Run(
            () =>
            {
                LakeFile.Create(folder, LakeFile.OwnerOnly);
                LakeFile.Sweep(folder, time.GetUtcNow());
            },
            cancellationToken));
        await LakeProbe.RunAsync(this, time, cancellationToken);
    }

    // A disk that is not mounted any more leaves an empty folder: what is written there is hidden as soon as
    // it is mounted again.
    private void ThrowIfGone()
    {
        if (_known.Keys.FirstOrDefault(name => !Directory.Exists(Path.Combine(folder, name))) is { } missing)
        {
            throw new LakeException(
                $"The folder '{Path.Combine(folder, missing)}' of the lake is gone. Put it back: mount its disk, or move it to where it was. Nothing is written meanwhile.", isSetup: true);
        }
    }

    private List<LakeObject> List(string prefix, CancellationToken cancellationToken)
    {
        var start = Path.Combine(folder, prefix[..(prefix.LastIndexOf('/') + 1)]);
        if (!IsInside(prefix) || !Directory.Exists(start))
        {
            return [];
        }

        List<LakeObject> found = [];
        foreach (var file in new DirectoryInfo(start).EnumerateFiles("*", Everywhere))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (path.StartsWith(prefix, StringComparison.Ordinal) && !LakeFile.IsTemporary(file.Name) && file.Exists)
            {
                found.Add(new(path, file.Length, new(file.LastWriteTimeUtc, TimeSpan.Zero)));
            }
        }

        return found;
    }

    private static bool IsInside(string prefix) => prefix.Length == 0 || LakePath.IsValid(prefix.TrimEnd('/'));

    private string FileOf(string path)
    {
        LakePath.Check(path);
        return Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));
    }

    private static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (DirectoryNotFoundException)
        {
            // No such object.
        }
    }

    // A reader must not stand in the way of one who replaces the file.
    private static FileStream Open(string file) =>
        new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, FileOptions.Asynchronous | FileOptions.SequentialScan);

    private async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception failure) when (FolderFaults.IsOne(failure))
        {
            throw FolderFaults.Explain(failure, folder, LakeException.Setting);
        }
    }
}
