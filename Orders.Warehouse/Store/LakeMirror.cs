namespace Orders.Warehouse.Store;

/// <summary>
/// A local folder with the files of the lake, for readers that cannot read S3. For a lake that is a folder
/// it is that folder, and there is nothing to do.
/// </summary>
/// <remarks>
/// At any moment a reader of the folder sees what a reader of the store saw a little earlier, or a part of
/// what came after. Each file is there whole or not at all. A marker, which makes older files of its day not
/// count, comes after all files that the store had before it; and a file is deleted only when the marker
/// that makes it not count is there. Several processes may refresh one folder at a time.
/// </remarks>
/// <param name="store">The lake.</param>
/// <param name="cache">The local folder for a lake that is none.</param>
/// <param name="prefixes">What the paths of the wanted objects begin with.</param>
/// <param name="time">The clock.</param>
internal sealed class LakeMirror(ILakeStore store, string cache, IReadOnlyList<string> prefixes, TimeProvider time) : IDisposable
{
    /// <summary>Downloads that are under way at a time.</summary>
    private const int Downloads = 8;

    // An object may be deleted between the listing and its download.
    private const int Listings = 5;

    // Some file systems keep a file's time in steps of two seconds.
    private static readonly TimeSpan TimeStep = TimeSpan.FromSeconds(2);
    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    private readonly SemaphoreSlim _one = new(1);
    private bool _isSwept;
    private long _begun;
    private long _done;

    /// <summary>The folder; it exists after the first <see cref="RefreshAsync"/>.</summary>
    public string Folder => store.Folder ?? cache;

    /// <summary>Returns when the folder has what the store had when this was called.</summary>
    /// <exception cref="LakeException">The store fails, or the folder cannot be written.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        if (store.Folder is not null)
        {
            return;
        }

        var begunBefore = Interlocked.Read(ref _begun);
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_done > begunBefore)
            {
                // Another caller's refresh began after this call.
                return;
            }

            var number = Interlocked.Increment(ref _begun);
            await RefreshOnceAsync(cancellationToken);
            _done = number;
        }
        catch (Exception failure) when (FolderFaults.IsOne(failure))
        {
            throw FolderFaults.Explain(failure, cache, Settings.WarehouseSettings.CacheSetting);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task RefreshOnceAsync(CancellationToken cancellationToken)
    {
        LakeFile.Create(cache, LakeFile.OwnerOnly);
        if (!_isSwept)
        {
            LakeFile.Sweep(cache, time.GetUtcNow());
            _isSwept = true;
        }

        for (var listing = 1; !await TryRefreshAsync(cancellationToken); listing++)
        {
            if (listing == Listings)
            {
                throw new LakeException($"{store.Name} loses objects while they are read: at each of {Listings} attempts a listed object was gone. Try again.", isSetup: false);
            }
        }
    }

    /// <returns>False when a listed object was gone: the listing is too old.</returns>
    private async Task<bool> TryRefreshAsync(CancellationToken cancellationToken)
    {
        // Only what is here before the listing can be missing in it because it was deleted: another process
        // may add newer files at any time.
        var before = LocalFiles();
        var listed = await ListAsync(cancellationToken);
        // The highest first: a lower one may count on files that are gone by now. And the files of a state
        // before what it covers.
        var markers = listed.Values.Where(each => LakePath.IsMarker(each.Path) && !before.Contains(each.Path)).OrderByDescending(each => LakePath.Generation(each.Path)).ThenByDescending(each => each.Path, StringComparer.Ordinal).ToList();
        if (markers is not [])
        {
            // A listing comes in pages. One that begins after a marker was seen has all files that are older
            // than the marker.
            var first = listed;
            listed = await ListAsync(cancellationToken);
            if (first.Keys.Any(path => !listed.ContainsKey(path)))
            {
                return false;
            }
        }

        var gone = 0;
        await Parallel.ForEachAsync(
            listed.Values.Where(each => !LakePath.IsMarker(each.Path)),
            new ParallelOptions { MaxDegreeOfParallelism = Downloads, CancellationToken = cancellationToken },
            async (each, token) =>
            {
                if (!await HasAsync(each, token))
                {
                    Interlocked.Increment(ref gone);
                }
            });
        if (gone > 0)
        {
            return false;
        }

        foreach (var marker in markers)
        {
            await HasAsync(marker, cancellationToken);
        }

        foreach (var path in before.Where(path => !listed.ContainsKey(path)))
        {
            Delete(FileOf(path));
        }

        return true;
    }

    private async Task<Dictionary<string, LakeObject>> ListAsync(CancellationToken cancellationToken)
    {
        var listed = new Dictionary<string, LakeObject>(StringComparer.Ordinal);
        foreach (var prefix in prefixes)
        {
            await foreach (var each in store.ListAsync(prefix, cancellationToken))
            {
                // Anyone who may write to the bucket chooses names; none leads out of the folder.
                if (LakePath.IsValid(each.Path))
                {
                    listed[each.Path] = each;
                }
            }
        }

        return listed;
    }

    /// <summary>Downloads an object unless it is here.</summary>
    /// <returns>False when the store does not have it any more.</returns>
    private async Task<bool> HasAsync(LakeObject each, CancellationToken cancellationToken)
    {
        var file = new FileInfo(FileOf(each.Path));
        if (file.Exists && file.Length == each.Bytes && (each.WrittenAt.UtcDateTime - file.LastWriteTimeUtc).Duration() <= TimeStep)
        {
            return true;
        }

        if (!await store.GetAsync(each.Path, file.FullName, cancellationToken))
        {
            return false;
        }

        try
        {
            File.SetLastWriteTimeUtc(file.FullName, each.WrittenAt.UtcDateTime);
        }
        catch (FileNotFoundException)
        {
            // Another process knew already that it is to be deleted.
        }

        return true;
    }

    private HashSet<string> LocalFiles() =>
    [
        .. Directory.EnumerateFiles(cache, "*", Everywhere)
            .Where(file => !LakeFile.IsTemporary(Path.GetFileName(file)))
            .Select(file => Path.GetRelativePath(cache, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(path => prefixes.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal))),
    ];

    private string FileOf(string path) => Path.Combine(cache, path.Replace('/', Path.DirectorySeparatorChar));

    private static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (DirectoryNotFoundException)
        {
            // Another process was faster.
        }
    }
}
