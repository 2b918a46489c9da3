namespace Orders.Warehouse.Tables;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name in Postgres.</param>
/// <param name="Type">How it is written.</param>
internal sealed record TableColumn(string Name, SqlColumnType Type);
