namespace Orders.Warehouse.Redshift;

/// <summary>How a log is in Redshift.</summary>
/// <param name="Log">The log.</param>
/// <param name="Files">Files whose rows are there.</param>
/// <param name="SetAside">Files that cannot be loaded and were set aside.</param>
/// <param name="Problem">Why the last load left something of it out; null when it did not.</param>
internal sealed record RedshiftLogStatus(string Log, long Files, long SetAside, string? Problem);
