using System.Text.Json;
using DuckDB.NET.Data;

namespace Orders.Warehouse.Embedded;

/// <summary>
/// Checks by its syntax tree that a text is one SELECT, before anything of it is bound: DuckDB makes the
/// folder of an EXPORT when it is only prepared. DESCRIBE, SHOW, SUMMARIZE, VALUES and FROM are SELECTs to
/// DuckDB.
/// </summary>
internal static class OneSelect
{
    private const string Only = "Only one SELECT is run here: nothing is written, and no setting is changed.";
    private const int Depth = 1_000;

    // DuckDB has functions that change settings (enable_logging), run a text (query) or read memory
    // (arrow_scan). Those of the views are not in the tree of who uses a view.
    private static readonly HashSet<string> TableFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "orders_as_of", "range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree", "histogram", "histogram_values", "summary",
        "duckdb_columns", "duckdb_functions", "duckdb_keywords", "duckdb_tables", "duckdb_types", "duckdb_views", "pragma_table_info", "pragma_version", "pg_timezone_names",
    };

    private static readonly HashSet<string> Functions = new(StringComparer.OrdinalIgnoreCase) { "write_log" };

    /// <summary>Checks it.</summary>
    /// <exception cref="QueryException">It is not, or it cannot be understood.</exception>
    public static void Check(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT json_serialize_sql($1::VARCHAR)";
        command.Parameters.Add(new DuckDBParameter(sql));
        using var tree = Parse((string)command.ExecuteScalar()!);
        var root = tree.RootElement;
        if (root.GetProperty("error").GetBoolean())
        {
            throw root.GetProperty("error_type").ValueEquals("not implemented")
                ? new QueryException(QueryFault.Refused, $"This is no SELECT. {Only}")
                : new QueryException(QueryFault.Sql, $"{root.GetProperty("error_message").GetString()}{Place(root, sql)}");
        }

        var count = root.GetProperty("statements").GetArrayLength();
        if (count != 1)
        {
            throw new QueryException(count == 0 ? QueryFault.Sql : QueryFault.Refused, $"There are {count} statements. {Only}");
        }

        CheckFunctions(root);
    }

    private static JsonDocument Parse(string tree)
    {
        try
        {
            return JsonDocument.Parse(tree, new JsonDocumentOptions { MaxDepth = Depth });
        }
        catch (JsonException)
        {
            throw new QueryException(QueryFault.Size, "It is nested too deeply. Make it simpler.");
        }
    }

    private static string Place(JsonElement error, string sql) =>
        error.TryGetProperty("position", out var at) && int.TryParse(at.GetString(), out var position) && position <= sql.Length
            ? $" (line {sql.AsSpan(0, position).Count('\n') + 1}, at: {sql[position..Math.Min(sql.Length, position + 30)].ReplaceLineEndings(" ")})"
            : "";

    private static void CheckFunctions(JsonElement node)
    {
        if (node.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in node.EnumerateArray())
            {
                CheckFunctions(item);
            }

            return;
        }

        if (node.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (node.TryGetProperty("function_name", out var name) && Functions.Contains(name.GetString() ?? ""))
        {
            throw Refused(name);
        }

        if (node.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("TABLE_FUNCTION")
            && node.GetProperty("function") is var function
            && !(function.TryGetProperty("function_name", out var called) && TableFunctions.Contains(called.GetString() ?? "")))
        {
            throw Refused(called);
        }

        foreach (var property in node.EnumerateObject())
        {
            CheckFunctions(property.Value);
        }
    }

    private static QueryException Refused(JsonElement name) =>
        new(QueryFault.Refused, $"{name}() is not allowed here: SQL reads the views of the warehouse (SHOW TABLES lists them), and no file, no network and no setting.");
}
