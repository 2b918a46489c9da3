using System.Security.Cryptography;
using System.Text;
using Orders.ServiceDefaults.Migrations;
using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Embedded;

/// <summary>The SQL that makes the views over the files of the logs, from <c>Views/*.sql</c>.</summary>
internal static class ViewScript
{
    private const string Lacks = "The stored state of the orders lacks";
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

    /// <summary>
    /// The SELECT of the newest state of each order: of a stored state, and of changes that it lacks.
    /// </summary>
    /// <param name="since">The changes: what comes after SELECT, from FROM on; they are named
    /// <c>c</c>.</param>
    /// <param name="stored">The stored state, in the same way; it is named <c>s</c>.</param>
    /// <param name="orderBy">How they are sorted; null for any order.</param>
    public static string Newest(string since, string stored, string? orderBy = null) => Texts["orders_newest"]
        .Replace("{since}", since, StringComparison.Ordinal)
        // The state stands there twice. Of two equal texts DuckDB would make a common table expression.
        .Replace("{touched}", stored.Replace("{last}", "rank() OVER (ORDER BY number DESC) = 1", StringComparison.Ordinal), StringComparison.Ordinal)
        .Replace("{stored}", stored.Replace("{last}", "number = max(number) OVER ()", StringComparison.Ordinal), StringComparison.Ordinal)
        .Replace("{versions}", Texts["orders_versions"], StringComparison.Ordinal)
        .Replace("{order}", orderBy is null ? "" : $"\n ORDER BY {orderBy}", StringComparison.Ordinal);

    private static string OrderViews(string folder)
    {
        var state = Log(folder, LakePaths.State);
        var since = Rows(folder, OrderLog.Name, "order_id", $"\n           AND f.path NOT IN ({Texts["orders_covers"]})");
        return Texts["orders"]
            .Replace("{newest}", Newest(since, Texts["orders_stored"]), StringComparison.Ordinal)
            .Replace("{lacks}", Lacks, StringComparison.Ordinal)
            .Replace("{state}", state, StringComparison.Ordinal)
            .Replace("{rows}", Rows(folder, OrderLog.Name, "order_id"), StringComparison.Ordinal);
    }

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

    private static string Rows(string folder, string log, string needed, string and = "") => Texts["log"]
        .Replace("{and}", and, StringComparison.Ordinal)
        .Replace("{needed}", needed, StringComparison.Ordinal)
        .Replace("{foreign}", Foreign, StringComparison.Ordinal)
        .Replace("{log}", Log(folder, log), StringComparison.Ordinal);

    private static string Log(string folder, string log) => ParquetFile.Quote($"{Pattern(folder)}/{log}");
}
