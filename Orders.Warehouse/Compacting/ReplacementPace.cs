namespace Orders.Warehouse.Compacting;

/// <summary>How long files wait for each other while a day's are replaced.</summary>
/// <param name="BeforeMarker">From the new files to the marker: more than a query takes to list files and
/// markers.</param>
/// <param name="BeforeDeletion">From the marker to the deletion of the old files: more than a query
/// runs.</param>
/// <param name="Abandoned">New files that are not whole after this time never will be.</param>
internal sealed record ReplacementPace(TimeSpan BeforeMarker, TimeSpan BeforeDeletion, TimeSpan Abandoned)
{
    /// <summary>That of the service and of the commands.</summary>
    public static ReplacementPace Default { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10), TimeSpan.FromHours(6));
}
