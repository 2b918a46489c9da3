namespace Orders.Warehouse.Reconciling;

/// <summary>What a comparison of the log with Postgres found.</summary>
/// <param name="Days">Days compared.</param>
/// <param name="Orders">Orders in Postgres.</param>
/// <param name="DifferentDays">Days whose totals differ.</param>
/// <param name="Differences">Orders that differ, one line each; the first of them.</param>
/// <param name="MoreDifferences">How many more orders differ.</param>
internal sealed record LogReconcileReport(int Days, long Orders, IReadOnlyList<string> DifferentDays, IReadOnlyList<string> Differences, long MoreDifferences)
{
    /// <summary>Whether nothing differs.</summary>
    public bool Agrees => DifferentDays.Count == 0 && Differences.Count == 0;
}
