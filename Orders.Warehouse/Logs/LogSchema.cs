namespace Orders.Warehouse.Logs;

/// <summary>
/// How the files of a log are written: the rows are appended to a table of DuckDB in memory, and a SELECT
/// of it is copied to the file.
/// </summary>
/// <param name="Table">The columns of the table, as SQL: <c>order_id UUID, …</c>. Rows are appended in this
/// order.</param>
/// <param name="Select">The select list over the table that makes the file's columns.</param>
internal sealed record LogSchema(string Table, string Select)
{
    /// <summary>The name of the table in <see cref="Select"/>.</summary>
    public const string Rows = "appended";
}
