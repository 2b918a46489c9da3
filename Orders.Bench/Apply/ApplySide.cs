using Orders.Bench.Stores;

namespace Orders.Bench.Apply;

/// <summary>One way to bring changes into the read model.</summary>
internal abstract class ApplySide
{
    /// <summary>What it is, in a few words.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// A slow one is measured on that many of the first changes, and its rate taken for all.
    /// </summary>
    public virtual int MostChanges => int.MaxValue;

    /// <summary>
    /// Whether it applies other changes than the pages that it is given: then its rows are compared with
    /// nobody's.
    /// </summary>
    public virtual bool HasOwnChanges => false;

    /// <summary>Whether the tables hold the hourly totals by their triggers.</summary>
    public virtual bool KeepsTotals => true;

    /// <summary>
    /// What comes before the clock runs. For a rival: the noting of totals until the commit is ours, and
    /// costs statements of single rows more.
    /// </summary>
    public virtual Task PrepareAsync(BenchDatabase database, CancellationToken cancellationToken) =>
        KeepsTotals ? database.WriteTotalsAtOnceAsync(cancellationToken) : database.DropTriggersAsync(cancellationToken);

    /// <summary>What is measured.</summary>
    public abstract Task ApplyAsync(BenchDatabase database, IReadOnlyList<byte[]> pages, CancellationToken cancellationToken);

    /// <summary>What comes after.</summary>
    public virtual Task FinishAsync(BenchDatabase database, CancellationToken cancellationToken) => Task.CompletedTask;
}
