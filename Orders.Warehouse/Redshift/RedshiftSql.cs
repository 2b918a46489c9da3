using System.Globalization;
using System.Text.RegularExpressions;
using Orders.ServiceDefaults.Migrations;

namespace Orders.Warehouse.Redshift;

/// <summary>The statements of a load: a file for each step.</summary>
internal static partial class RedshiftSql
{
    private static readonly Dictionary<string, string> Files = EmbeddedSql.Read(typeof(RedshiftSql).Assembly, "redshift")
        .ToDictionary(file => file.Name, file => file.Sql, StringComparer.Ordinal);

    public static string Tables => Files["redshift/tables.sql"];

    public static string Lock => Files["redshift/lock.sql"];

    public static string Staging => Files["redshift/staging.sql"];

    public static string Copy => Files["redshift/copy.sql"];

    public static string Replace => Files["redshift/replace.sql"];

    public static string Append => Files["redshift/append.sql"];

    public static string Newest => Files["redshift/newest.sql"];

    public static string Merge => Files["redshift/merge.sql"];

    public static string Ledger => Files["redshift/ledger.sql"];

    /// <summary>
    /// The statements of a file. Redshift takes one statement at a time by the extended protocol, which
    /// Npgsql
    /// speaks.
    /// </summary>
    public static IEnumerable<string> Statements(string file) => Comment().Replace(file, "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A text within quotes.</summary>
    public static string Quote(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);

    /// <summary>Inserts rows in one statement. Redshift has no arrays to hand over.</summary>
    /// <param name="into">The table, with columns or without.</param>
    /// <param name="rows">Its rows: texts, numbers, days, times.</param>
    public static string Insert(string into, IEnumerable<object[]> rows) =>
        $"INSERT INTO {into} VALUES {string.Join(", ", rows.Select(row => $"({string.Join(", ", row.Select(Literal))})"))}";

    private static string Literal(object value) => value switch
    {
        string text => $"'{Quote(text)}'",
        DateOnly day => $"'{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}'",
        DateTimeOffset time => $"'{time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}+00'",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException($"{value.GetType()} is not written into a statement."),
    };

    [GeneratedRegex(@"--[^\n]*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comment();
}
