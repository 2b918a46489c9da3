namespace Orders.Warehouse.Redshift;

/// <summary>What a load did with a log.</summary>
/// <param name="Log">The log.</param>
/// <param name="Loaded">Files whose rows it loaded.</param>
/// <param name="Failed">Files that it could not load.</param>
/// <param name="Files">Files whose rows are in Redshift now; null when that is not known.</param>
/// <param name="SetAside">Files that are set aside; null when that is not known.</param>
/// <param name="Problem">Why the log was not loaded; null when it was.</param>
internal sealed record LogLoad(string Log, int Loaded, IReadOnlyList<FailedFile> Failed, long? Files, long? SetAside, string? Problem);
