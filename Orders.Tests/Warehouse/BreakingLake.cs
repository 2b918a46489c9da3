using Orders.Warehouse.Store;

namespace Orders.Tests.Warehouse;

/// <summary>A lake that breaks off where a test wants it, as a killed process does.</summary>
internal sealed class BreakingLake(ILakeStore lake) : ILakeStore
{
    /// <summary>Called before an object is written.</summary>
    public Func<string, Task> BeforePut { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called after an object was written.</summary>
    public Func<string, Task> AfterPut { get; set; } = _ => Task.CompletedTask;

    public string Name => lake.Name;

    public string? Folder => lake.Folder;

    public async Task PutAsync(string path, string file, CancellationToken cancellationToken)
    {
        await BeforePut(path);
        await lake.PutAsync(path, file, cancellationToken);
        await AfterPut(path);
    }

    public Task<bool> GetAsync(string path, string file, CancellationToken cancellationToken) => lake.GetAsync(path, file, cancellationToken);

    public Task DeleteAsync(IReadOnlyCollection<string> paths, CancellationToken cancellationToken) => lake.DeleteAsync(paths, cancellationToken);

    public IAsyncEnumerable<LakeObject> ListAsync(string prefix, CancellationToken cancellationToken) => lake.ListAsync(prefix, cancellationToken);

    public Task CheckAsync(CancellationToken cancellationToken) => lake.CheckAsync(cancellationToken);
}
