namespace Orders.Warehouse.Tables;

/// <summary>
/// Compares the columns of a table with those of its snapshot. ALTER TABLE changes rows without a change in
/// the stream: a new column's default, a new type. Then a snapshot is needed again.
/// </summary>
/// <remarks>The text has for each column its number, type, modifier, whether it has or had a default, and
/// name: <c>1 25 -1 f name</c>, in lines.</remarks>
internal static class Attributes
{
    private const int Parts = 5;

    /// <summary>Whether rows may have other values than the stream said.</summary>
    /// <param name="before">The columns then.</param>
    /// <param name="now">The columns now.</param>
    public static bool ChangesRows(string before, string now)
    {
        var known = Read(before);
        return Read(now).Any(column => known.TryGetValue(column.Key, out var old)
            ? (old.Type, old.Modifier, old.Name) != (column.Value.Type, column.Value.Modifier, column.Value.Name)
            : column.Value.HasDefault);
    }

    private static Dictionary<string, (string Type, string Modifier, bool HasDefault, string Name)> Read(string text) => text
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ', Parts))
        .ToDictionary(parts => parts[0], parts => (parts[1], parts[2], parts[3] == "t", parts[4]), StringComparer.Ordinal);
}
