namespace Orders.Warehouse.Redshift;

/// <summary>What COPY reads into a temporary table.</summary>
/// <param name="Name">Its name, for people.</param>
/// <param name="Table">The table.</param>
/// <param name="Manifest">The manifest's path in the lake.</param>
internal sealed record StagedTable(string Name, string Table, string Manifest);
