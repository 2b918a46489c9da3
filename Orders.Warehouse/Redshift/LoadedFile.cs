namespace Orders.Warehouse.Redshift;

/// <summary>A file whose rows are in Redshift, or are about to be.</summary>
/// <param name="Path">Its path in the lake.</param>
/// <param name="Day">Its UTC day.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Digest">Follows from its rows, in whatever order.</param>
internal sealed record LoadedFile(string Path, DateOnly Day, int Generation, long Rows, ulong Digest);
