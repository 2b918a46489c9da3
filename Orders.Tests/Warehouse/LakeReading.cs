using System.Globalization;
using DuckDB.NET.Data;

namespace Orders.Tests.Warehouse;

/// <summary>Reads a lake's files as anybody does: with DuckDB.</summary>
internal static class LakeReading
{
    /// <summary>All files of a log, by their names alone.</summary>
    public static string Files(string folder, string log = "orders_changes") => $"read_parquet('{folder}/{log}/**/*.parquet', union_by_name = true)";

    /// <summary>The rows of a query, each value as text; null as an empty one.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="database">A file of DuckDB that is only read; null for none.</param>
    public static List<string[]> Query(string sql, string? database = null)
    {
        using var connection = new DuckDBConnection(database is null ? "DataSource=:memory:" : $"DataSource={database};access_mode=READ_ONLY");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string[]>();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? "" : Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture)!)]);
        }

        return rows;
    }

    /// <summary>The one value of a query, as text.</summary>
    public static string Scalar(string sql) => Query(sql).Single().Single();
}
