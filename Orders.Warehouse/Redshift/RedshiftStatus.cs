namespace Orders.Warehouse.Redshift;

/// <summary>How the loads of Redshift go.</summary>
/// <param name="SecondsSinceComplete">Since the last load that left nothing out; null when there was
/// none.</param>
/// <param name="Files">Files whose rows are there.</param>
/// <param name="SetAside">Files that cannot be loaded and were set aside.</param>
/// <param name="Problem">Why the last load failed; null when it did not.</param>
/// <param name="Logs">The logs.</param>
internal sealed record RedshiftStatus(double? SecondsSinceComplete, long Files, long SetAside, string? Problem, IReadOnlyList<RedshiftLogStatus> Logs);
