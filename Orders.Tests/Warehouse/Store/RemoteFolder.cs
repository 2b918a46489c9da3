using Orders.Warehouse.Store;

namespace Orders.Tests.Warehouse.Store;

/// <summary>A lake in a folder that hides its folder, as S3 has none, and lets a test act between the steps
/// of a reader.</summary>
internal sealed class RemoteFolder(string folder) : ILakeStore
{
    private readonly FolderLake _lake = new(folder, TimeProvider.System);
    private int _listings;
    private int _downloads;

    public string Name => "s3://test/lake";

    public string? Folder => null;

    public int Listings => _listings;

    public int Downloads => _downloads;

    /// <summary>Changes the answer of a listing, by its number.</summary>
    public Func<int, List<LakeObject>, Task>? Listed { get; set; }

    /// <summary>Comes before a download.</summary>
    public Func<string, Task>? Downloading { get; set; }

    public Task PutAsync(string path, string file, CancellationToken cancellationToken) => _lake.PutAsync(path, file, cancellationToken);

    /// <summary>Puts an object, written at a time.</summary>
    public void Put(string path, string content, DateTime? writtenAt = null)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        File.SetLastWriteTimeUtc(file, writtenAt ?? new DateTime(2026, 11, 30, 12, 0, 0, DateTimeKind.Utc));
    }

    public void Delete(string path) => File.Delete(Path.Combine(folder, path));

    public async Task<bool> GetAsync(string path, string file, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _downloads);
        await (Downloading?.Invoke(path) ?? Task.CompletedTask);
        return await _lake.GetAsync(path, file, cancellationToken);
    }

    public Task DeleteAsync(IReadOnlyCollection<string> paths, CancellationToken cancellationToken) => _lake.DeleteAsync(paths, cancellationToken);

    public async IAsyncEnumerable<LakeObject> ListAsync(string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _listings);
        List<LakeObject> all = [];
        await foreach (var each in _lake.ListAsync(prefix, cancellationToken))
        {
            all.Add(each);
        }

        await (Listed?.Invoke(number, all) ?? Task.CompletedTask);
        foreach (var each in all)
        {
            yield return each;
        }
    }

    public Task CheckAsync(CancellationToken cancellationToken) => _lake.CheckAsync(cancellationToken);
}
