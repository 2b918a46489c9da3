namespace Orders.Bench.Report;

/// <summary>The cells of the table, for all report formats.</summary>
internal static class ResultCells
{
    public static readonly string[] Heads = ["bench", "ours", "", "beside", "", "ratio", "spread", "must reach", "met"];

    public static string[] Of(ResultRow row) =>
    [
        row.Bench, row.Subject, row.Ours, row.Rival, row.Theirs, row.Judged.Text(row.Unit), row.Judged.Least == row.Judged.Most ? "" : row.Judged.Spread.ToString("0 %"),
        row.MustReach?.Text(row.Unit) ?? "", row.IsMet switch { true => "yes", false => "NO", null => "" },
    ];
}
