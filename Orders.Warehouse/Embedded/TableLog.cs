namespace Orders.Warehouse.Embedded;

/// <summary>The log of a table that SQL owns, as its files have it.</summary>
/// <param name="Name">The table's name without its schema.</param>
/// <param name="Columns">The table's own columns.</param>
internal sealed record TableLog(string Name, IReadOnlyList<LoggedColumn> Columns);
