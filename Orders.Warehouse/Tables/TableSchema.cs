using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Tables;

/// <summary>The columns of a table as its changes have them. A file has rows of one schema.</summary>
internal sealed class TableSchema
{
    private const string Own =
        "_change VARCHAR, _key VARCHAR, _lsn VARCHAR, _ordinal BIGINT, _committed_at TIMESTAMPTZ, _xid BIGINT, _row VARCHAR";

    private static readonly string[] Reserved = ["_change", "_key", "_lsn", "_ordinal", "_committed_at", "_xid", "_row", "day"];

    /// <summary>Makes it.</summary>
    /// <param name="columns">All columns, in the table's order.</param>
    /// <param name="keyColumns">The names of the primary key's columns, in its order; all are among
    /// them.</param>
    public TableSchema(IReadOnlyList<TableColumn> columns, IReadOnlyList<string> keyColumns)
    {
        Columns = columns;
        Key = [.. keyColumns.Select(key => Enumerable.Range(0, columns.Count).First(column => columns[column].Name == key))];
        var names = FileNames();
        Description = JsonSerializer.Serialize(columns.Select((column, at) => new { name = column.Name, file_name = names[at], type = column.Type.Name, file_type = column.Type.FileType }));
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Description)).AsSpan(0, 8));
        File = new(
            string.Join(", ", columns.Select((_, at) => $"c{at} VARCHAR").Prepend(Own)),
            string.Join(", ", columns.Select((column, at) => $"{column.Type.Sql($"c{at}")} AS \"{names[at].Replace("\"", "\"\"", StringComparison.Ordinal)}\"")
                .Prepend("_change, _key, _lsn, _ordinal, _committed_at, _xid, _row")));
    }

    /// <summary>All columns.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>The primary key: numbers of columns, from 0.</summary>
    public IReadOnlyList<int> Key { get; }

    /// <summary>The columns as JSON: name, name in the file, type, type in the file.</summary>
    public string Description { get; }

    /// <summary>Two schemas with the same one are the same.</summary>
    public string Fingerprint { get; }

    /// <summary>How its files are written.</summary>
    public LogSchema File { get; }

    /// <summary>The key of a row.</summary>
    public string KeyOf(string?[] values) => RowJson.List(Key.Select(column => values[column]));

    /// <summary>Values by name, as a row of this schema; a column that is not among them is NULL.</summary>
    public string?[] Values(IReadOnlyDictionary<string, string?> row) => [.. Columns.Select(column => row.GetValueOrDefault(column.Name))];

    // Names differ in a file by more than their case, and from the log's own.
    private string[] FileNames()
    {
        var taken = new HashSet<string>(Reserved, StringComparer.OrdinalIgnoreCase);
        var names = new string[Columns.Count];
        for (var column = 0; column < names.Length; column++)
        {
            var name = Columns[column].Name;
            while (!taken.Add(name))
            {
                name += "_";
            }

            names[column] = name;
        }

        return names;
    }
}
