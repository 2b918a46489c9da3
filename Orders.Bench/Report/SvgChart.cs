using System.Globalization;
using System.Security;
using System.Text;

namespace Orders.Bench.Report;

/// <summary>
/// A chart of the bounds: each row is a bar, as a share of its bound, with the bound as a line.
/// </summary>
internal static class SvgChart
{
    private const int Width = 960;
    private const int LabelWidth = 470;
    private const int RowHeight = 26;
    private const int Head = 40;

    // The scale: a figure of twice its bound fills the width.
    private const double MostShare = 2;

    public static string Render(IReadOnlyList<ResultRow> rows)
    {
        var judged = rows.Where(row => row.MustReach is not null).ToList();
        var height = Head + (judged.Count * RowHeight) + 12;
        var bound = LabelWidth + ((Width - LabelWidth - 120) / MostShare);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" font-family=\"system-ui, sans-serif\" font-size=\"13\">\n");
        svg.Append("<title>How far ours is from what it must reach</title>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{height}\" fill=\"#ffffff\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{bound:0}\" y=\"18\" text-anchor=\"middle\" fill=\"#555\">must reach</text>\n");
        for (var i = 0; i < judged.Count; i++)
        {
            AppendBar(svg, judged[i], Head + (i * RowHeight), bound);
        }

        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{bound:0}\" x2=\"{bound:0}\" y1=\"26\" y2=\"{height - 8}\" stroke=\"#333\" stroke-dasharray=\"4 3\"/>\n");
        return svg.Append("</svg>\n").ToString();
    }

    private static void AppendBar(StringBuilder svg, ResultRow row, int top, double bound)
    {
        var limit = row.MustReach!;
        var share = Math.Clamp(limit.IsFloor ? row.Judged.Median / limit.Limit : limit.Limit / row.Judged.Median, 0.01, MostShare);
        var length = share * (bound - LabelWidth);
        var colour = row.IsMet == true ? "#2f7d4f" : "#b4532a";
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{LabelWidth - 10}\" y=\"{top + 15}\" text-anchor=\"end\" fill=\"#222\">{SecurityElement.Escape($"{row.Bench}: {row.Subject} / {row.Rival}")}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{LabelWidth}\" y=\"{top + 3}\" width=\"{length:0.0}\" height=\"{RowHeight - 8}\" rx=\"2\" fill=\"{colour}\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{LabelWidth + length + 6:0.0}\" y=\"{top + 16}\" fill=\"#222\">{SecurityElement.Escape(Measuring.Sample.Figure(row.Judged.Median, row.Unit))}</text>\n");
    }
}
