namespace Orders.Warehouse.Embedded;

/// <summary>A column of a table that SQL owns.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in the files, as SQL of DuckDB.</param>
internal readonly record struct LoggedColumn(string Name, string Type);
