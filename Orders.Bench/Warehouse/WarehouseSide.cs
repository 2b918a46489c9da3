using Orders.Bench.Apply;
using Orders.Bench.Stores;

namespace Orders.Bench.Warehouse;

/// <summary>One way of changes into a warehouse.</summary>
internal abstract class WarehouseSide
{
    /// <summary>A description in a few words.</summary>
    public abstract string Name { get; }

    /// <summary>Writes changes.</summary>
    /// <param name="database">An empty database.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="pages">The changes.</param>
    /// <param name="measure">Runs the part that is measured.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The bytes that the warehouse takes for them.</returns>
    public abstract Task<long> WriteAsync(BenchDatabase database, string folder, IReadOnlyList<byte[]> pages, Func<Func<Task>, Task> measure, CancellationToken cancellationToken);

    /// <exception cref="InvalidOperationException">Not every change arrived.</exception>
    protected static void Check(long rows, IReadOnlyList<byte[]> pages)
    {
        if (rows != pages.Count * Workload.PageRecords)
        {
            throw new InvalidOperationException($"{rows} rows for {pages.Count * Workload.PageRecords} changes.");
        }
    }
}
