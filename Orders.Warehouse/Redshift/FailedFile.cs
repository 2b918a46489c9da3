namespace Orders.Warehouse.Redshift;

/// <summary>A file that cannot be loaded.</summary>
/// <param name="Path">Its path in the lake.</param>
/// <param name="Reason">Why, for people.</param>
internal sealed record FailedFile(string Path, string Reason);
