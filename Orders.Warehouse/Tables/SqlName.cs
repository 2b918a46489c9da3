using System.Text.RegularExpressions;

namespace Orders.Warehouse.Tables;

/// <summary>A table of the setting.</summary>
/// <param name="Schema">Its schema, <c>public</c> unless the setting names one.</param>
/// <param name="Table">Its name.</param>
internal sealed partial record SqlName(string Schema, string Table)
{
    private const string Suffix = "_changes";

    /// <summary>Both, as SQL quotes them.</summary>
    public string Quoted => $"{Quote(Schema)}.{Quote(Table)}";

    /// <summary>Its log.</summary>
    public string Log => Table + Suffix;

    /// <summary>Why it cannot have a log of its own; null when it can.</summary>
    public string? Fault => FolderName().IsMatch(Table)
        ? Log == "orders_changes" ? $"The log {Log} is the stream's: give the table another name." : null
        : "Its name would be a folder, and has other characters than A to Z, a to z, 0 to 9 and _: give it another name.";

    /// <summary>Reads an entry of the setting: <c>table</c> or <c>schema.table</c>. Names are as they are in
    /// the catalog; quotes around them are taken off.</summary>
    public static SqlName Parse(string text)
    {
        var parts = text.Split('.', 2);
        return parts is [var schema, var table] ? new(Unquote(schema), Unquote(table)) : new("public", Unquote(text));
    }

    /// <summary>A name within quotes of SQL.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>As the setting has it.</summary>
    public override string ToString() => $"{Schema}.{Table}";

    private static string Unquote(string name) => name.Trim().Trim('"');

    [GeneratedRegex("^[A-Za-z0-9_]+$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FolderName();
}
