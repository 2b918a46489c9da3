namespace Orders.Warehouse.Tables;

/// <summary>
/// Completes changes whose values the stream lacks: large values that did not change, and what a deleted row
/// was. With REPLICA IDENTITY FULL there are none; without it they are taken from the change before, which
/// is in the range or in the lake.
/// </summary>
/// <param name="known">What the lake has.</param>
internal sealed class PartialRows(KnownRows known)
{
    /// <summary>Completes the rows of a range.</summary>
    /// <param name="rows">The range, in order.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The rows; and logs of which a value could not be found: their tables need a
    /// snapshot.</returns>
    public async Task<(IReadOnlyList<TableRow> Rows, IReadOnlyCollection<string> Unknown)> CompleteAsync(IReadOnlyList<TableRow> rows, CancellationToken cancellationToken)
    {
        if (!rows.Any(row => row.IsPartial))
        {
            return (rows, []);
        }

        var state = new Dictionary<(string Log, string Key), Dictionary<string, string?>?>();
        foreach (var log in rows.Where(row => row.IsPartial).GroupBy(row => row.Log))
        {
            string[] keys = [.. log.Select(row => row.Key!).Distinct()];
            var found = await known.FindAsync(log.Key, keys, cancellationToken);
            foreach (var key in keys)
            {
                state[(log.Key, key)] = found.GetValueOrDefault(key);
            }
        }

        var unknown = new HashSet<string>(StringComparer.Ordinal);
        var complete = new List<TableRow>(rows.Count);
        foreach (var row in rows)
        {
            // A new key's row follows the deletion of the old key's, which has the values.
            var before = row.Change == TableChange.Insert && row.IsPartial && complete.Count > 0 ? complete[^1] : null;
            complete.Add(Complete(before is null ? row : row with { Values = Fill(row.Values, before.Values) }, state, unknown));
        }

        return (complete, unknown);
    }

    private static string?[] Fill(string?[] values, string?[] before) => [.. values.Select((value, column) => TableRow.IsUnchanged(value) ? before[column] : value)];

    private static TableRow Complete(TableRow row, Dictionary<(string Log, string Key), Dictionary<string, string?>?> state, HashSet<string> unknown)
    {
        if (row.Key is not { } key)
        {
            foreach (var other in state.Keys.Where(known => known.Log == row.Log).ToList())
            {
                state[other] = null;
            }

            return row;
        }

        if (!state.TryGetValue((row.Log, key), out var before))
        {
            return row;
        }

        string?[] values = [.. row.Values.Select((value, column) =>
            TableRow.IsUnchanged(value) && before is not null && before.TryGetValue(row.Schema.Columns[column].Name, out var last) ? last : value)];
        // Of a row that nobody knows, a deletion says all that there is to say.
        if (row.Change != TableChange.Delete && Array.Exists(values, TableRow.IsUnchanged))
        {
            unknown.Add(row.Log);
        }

        state[(row.Log, key)] = row.Change == TableChange.Delete
            ? null
            : values.Select((value, column) => (row.Schema.Columns[column].Name, value)).Where(column => !TableRow.IsUnchanged(column.value)).ToDictionary(column => column.Name, column => column.value, StringComparer.Ordinal);
        return row with { Values = values };
    }
}
