using System.Globalization;
using System.Text.RegularExpressions;
using Orders.ServiceDefaults.Migrations;

namespace Orders.Warehouse.Redshift;

/// <summary>The statements of a load: a file for each step.</summary>
internal static partial class RedshiftSql
{
    private static readonly Dictionary<string, string> Files = EmbeddedSql.Read(typeof(RedshiftSql).Assembly, "redshift")
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file.Name), file => file.Sql, StringComparer.Ordinal);

    /// <summary>The names of all files.</summary>
    public static IReadOnlyCollection<string> Names => Files.Keys;

    /// <summary>
    /// The statements of a file. Redshift takes one statement at a time by the extended protocol, which
    /// Npgsql speaks.
    /// </summary>
    /// <param name="name">The file's name.</param>
    /// <param name="values">What stands in it in braces, and what takes its place. No value is parted into
    /// statements, whatever it has in it.</param>
    public static IEnumerable<string> Statements(string name, params IReadOnlyCollection<(string Name, string Value)> values) =>
        from statement in Comment().Replace(Files[name], "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        select Placeholder().Replace(statement, found => values.Where(value => value.Name == found.Groups["name"].Value).Select(value => value.Value).DefaultIfEmpty(found.Value).First());

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

    [GeneratedRegex(@"\{(?<name>[a-z_]+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
