using Orders.Bench.Stores;

namespace Orders.Bench.Apply;

/// <summary>One way to apply changes to the read model.</summary>
internal abstract class ApplySide
{
    /// <summary>A description in a few words.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// A slow side is measured on only this many of the first changes; its rate is compared as if it had
    /// applied all.
    /// </summary>
    public virtual int MostChanges => int.MaxValue;

    /// <summary>
    /// Whether it applies other changes than the given pages: then its rows are not compared with those of
    /// others.
    /// </summary>
    public virtual bool HasOwnChanges => false;

    /// <summary>Whether its tables keep the hourly totals with their triggers.</summary>
    public virtual bool KeepsTotals => true;

    /// <summary>
    /// Work before the measurement. For a rival: it turns off our deferral of totals to the commit, which
    /// makes statements for single rows slower.
    /// </summary>
    public virtual Task PrepareAsync(BenchDatabase database, CancellationToken cancellationToken) =>
        KeepsTotals ? database.WriteTotalsAtOnceAsync(cancellationToken) : database.DropTriggersAsync(cancellationToken);

    /// <summary>The measured work.</summary>
    public abstract Task ApplyAsync(BenchDatabase database, IReadOnlyList<byte[]> pages, CancellationToken cancellationToken);

    /// <summary>Work after the measurement.</summary>
    public virtual Task FinishAsync(BenchDatabase database, CancellationToken cancellationToken) => Task.CompletedTask;
}
