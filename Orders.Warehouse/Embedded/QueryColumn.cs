namespace Orders.Warehouse.Embedded;

/// <summary>A column of an answer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in DuckDB, such as <c>DECIMAL(38,8)</c>.</param>
internal sealed record QueryColumn(string Name, string Type);
