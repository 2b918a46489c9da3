using System.Text.Json;

namespace Orders.Warehouse.Redshift;

/// <summary>A column of an SQL table in Redshift.</summary>
/// <param name="Name">Its name there: in small letters, since Redshift compares names so.</param>
/// <param name="Type">Its type there.</param>
/// <param name="Sources">Its names in Postgres over time.</param>
internal sealed record RedshiftColumn(string Name, RedshiftType Type, IReadOnlyList<string> Sources)
{
    // Redshift's own names, those of the views, and those within the statements.
    private static readonly string[] Taken =
    [
        "oid", "tableoid", "xmin", "xmax", "cmin", "cmax", "ctid", "insertxid", "deletexid", "valid_from", "valid_to", "is_current", "deleted_at",
        "_rank", "_place", "_previous_row", "_next_place", "_next_at", "_next_change",
    ];

    /// <summary>As SQL quotes it.</summary>
    public string Quoted => $"\"{Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>The columns that hold everything a log ever had.</summary>
    /// <param name="schemas">The schemas of the log in their order, each a JSON array as the ledger has
    /// it.</param>
    public static IReadOnlyList<RedshiftColumn> Of(IEnumerable<string> schemas)
    {
        var columns = new List<RedshiftColumn>();
        foreach (var schema in schemas)
        {
            using var json = JsonDocument.Parse(schema);
            var files = json.RootElement.EnumerateArray().Select(column => column.GetProperty("file_name").GetString()!).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var column in json.RootElement.EnumerateArray())
            {
                var name = NameOf(column.GetProperty("file_name").GetString()!, files);
                var (source, type) = (column.GetProperty("name").GetString()!, RedshiftType.Of(column.GetProperty("file_type").GetString()!));
                var at = columns.FindIndex(known => known.Name == name);
                if (at < 0)
                {
                    columns.Add(new(name, type, [source]));
                }
                else
                {
                    columns[at] = new(name, columns[at].Type.With(type), [.. columns[at].Sources.Union([source])]);
                }
            }
        }

        return columns;
    }

    /// <summary>Its value of a row, as it is staged.</summary>
    /// <param name="row">The row, by the names in Postgres.</param>
    public string? Stage(IReadOnlyDictionary<string, string?> row)
    {
        foreach (var source in Sources)
        {
            if (row.TryGetValue(source, out var value))
            {
                return value is null ? null : Type.Stage(value);
            }
        }

        return null;
    }

    private static string NameOf(string file, HashSet<string> others)
    {
        var name = file;
        while (Array.Exists(Taken, taken => taken.Equals(name, StringComparison.OrdinalIgnoreCase)) || (name != file && others.Contains(name)))
        {
            name += "_";
        }

        return name.ToLowerInvariant();
    }
}
