using System.Security.Cryptography;
using System.Text;
using Orders.ServiceDefaults.Migrations;
using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Embedded;

/// <summary>The SQL that makes the views over the files of the logs, from <c>Views/*.sql</c>.</summary>
internal static class ViewScript
{
    private const string Foreign = "This file is not one of the log; move it elsewhere:";

    private static readonly Dictionary<string, string> Texts =
        EmbeddedSql.Read(typeof(ViewScript).Assembly, "views").ToDictionary(file => Path.GetFileNameWithoutExtension(file.Name), file => file.Sql.TrimEnd(), StringComparer.Ordinal);

    /// <summary>Makes it.</summary>
    /// <param name="folder">The lake's folder.</param>
    /// <param name="tables">The logs of SQL tables that have files.</param>
    public static string Of(string folder, IReadOnlyList<TableLog> tables) =>
        string.Join("\n\n", tables.Select(table => TableViews(folder, table)).Prepend(OrderViews(folder)));

    /// <summary>Tells two scripts apart.</summary>
    public static string Hash(string script) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script)));

    /// <summary>The pattern of a log's files, within quotes of SQL.</summary>
    public static string Files(string folder, string log) => $"{Log(folder, log)}/day=*/[0-9]*-*.parquet";

    /// <summary>A name within double quotes of SQL.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A folder as a pattern: letters that mean something in one stand for themselves in
    /// brackets.</summary>
    public static string Pattern(string folder)
    {
        var escaped = new StringBuilder();
        foreach (var letter in folder.Replace(Path.DirectorySeparatorChar, '/'))
        {
            _ = letter is '*' or '?' or '[' ? escaped.Append('[').Append(letter).Append(']') : escaped.Append(letter);
        }

        return escaped.ToString();
    }

    private static string OrderViews(string folder) => Texts["orders"]
        .Replace("{newest_end}", Texts["orders_newest_end"], StringComparison.Ordinal)
        .Replace("{newest}", Texts["orders_newest"], StringComparison.Ordinal)
        .Replace("{rows}", Rows(folder, OrderLog.Name, "order_id"), StringComparison.Ordinal);

    private static string TableViews(string folder, TableLog table)
    {
        var columns = table.Columns.Select(column => Name(column.Name)).ToList();
        // A view keeps the types that it was made with. A column whose type has become wider meanwhile is
        // cast for whoever has the older views open.
        var typed = string.Concat(table.Columns.Select(column => $", CAST(c.{Name(column.Name)} AS {column.Type}) AS {Name(column.Name)}"));
        return Texts["table"]
            .Replace("{changes}", Name($"{table.Name}_changes"), StringComparison.Ordinal)
            .Replace("{current}", Name($"{table.Name}_current"), StringComparison.Ordinal)
            .Replace("{history}", Name($"{table.Name}_history"), StringComparison.Ordinal)
            .Replace("{typed}", typed, StringComparison.Ordinal)
            .Replace("{columns}", string.Join(", ", columns), StringComparison.Ordinal)
            .Replace("{state_columns}", string.Join(", ", columns.Select(column => $"s.{column}")), StringComparison.Ordinal)
            .Replace("{rows}", Rows(folder, $"{table.Name}_changes", "_change"), StringComparison.Ordinal);
    }

    private static string Rows(string folder, string log, string needed) => Texts["log"]
        .Replace("{needed}", needed, StringComparison.Ordinal)
        .Replace("{foreign}", Foreign, StringComparison.Ordinal)
        .Replace("{log}", Log(folder, log), StringComparison.Ordinal);

    private static string Log(string folder, string log) => ParquetFile.Quote($"{Pattern(folder)}/{log}");
}
