namespace Orders.Warehouse.Redshift;

/// <summary>What a load did.</summary>
/// <param name="Loaded">Files whose rows it loaded.</param>
/// <param name="Failed">Files that it could not load.</param>
/// <param name="Files">Files whose rows are in Redshift now.</param>
/// <param name="SetAside">Files that are set aside.</param>
internal sealed record RedshiftLoad(int Loaded, IReadOnlyList<FailedFile> Failed, long Files, long SetAside)
{
    /// <summary>Whether nothing is left out.</summary>
    public bool IsComplete => Failed.Count == 0 && SetAside == 0;
}
