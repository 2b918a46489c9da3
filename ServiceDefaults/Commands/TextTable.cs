namespace Orders.ServiceDefaults.Commands;

/// <summary>Rows as aligned columns, for a person. Cells are <see cref="PlainText"/>.</summary>
public static class TextTable
{
    private const string Gap = "  ";

    /// <summary>Writes a table.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="headings">The headings.</param>
    /// <param name="rows">The rows, each with a cell for every heading.</param>
    public static async Task WriteAsync(TextWriter output, string[] headings, IReadOnlyList<string[]> rows)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(headings);
        rows = [.. rows.Select(row => row.Select(PlainText.Of).ToArray())];
        var widths = headings.Select((heading, column) => rows.Select(row => row[column].Length).Append(heading.Length).Max()).ToArray();
        await WriteAsync(output, headings, widths);
        foreach (var row in rows)
        {
            await WriteAsync(output, row, widths);
        }
    }

    private static Task WriteAsync(TextWriter output, string[] row, int[] widths) =>
        output.WriteLineAsync(string.Join(Gap, row.Select((text, column) => text.PadRight(widths[column]))).TrimEnd());
}
