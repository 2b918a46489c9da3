namespace Orders.AppHost;

/// <summary>Suggests the name that was meant by a mistyped one.</summary>
internal static class NearestName
{
    /// <summary>
    /// The known name with the smallest edit distance, and that distance; letter case and hyphens do not
    /// count.
    /// </summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="known">At least one.</param>
    public static (string Name, int Changes) Of(string typed, IEnumerable<string> known) =>
        known.Select(name => (Name: name, Changes: Changes(Plain(typed), Plain(name)))).MinBy(each => each.Changes);

    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    // The Levenshtein distance, by rows.
    private static int Changes(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var exchanged = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(exchanged, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[to.Length];
    }
}
