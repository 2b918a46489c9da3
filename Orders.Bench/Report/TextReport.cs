namespace Orders.Bench.Report;

/// <summary>The table for a terminal.</summary>
internal static class TextReport
{
    public static string Render(IReadOnlyList<ResultRow> rows)
    {
        var cells = rows.Select(ResultCells.Of).Prepend(ResultCells.Heads).ToList();
        var widths = Enumerable.Range(0, ResultCells.Heads.Length).Select(column => cells.Max(row => row[column].Length)).ToArray();
        return string.Join('\n', cells.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
    }
}
