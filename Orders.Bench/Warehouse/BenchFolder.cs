namespace Orders.Bench.Warehouse;

/// <summary>A folder in the system's temporary folder, removed at the end.</summary>
internal sealed class BenchFolder : IDisposable
{
    /// <summary>Where it is.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("orders-bench-lake-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
