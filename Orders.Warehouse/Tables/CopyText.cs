using System.Text;

namespace Orders.Warehouse.Tables;

/// <summary>Reads lines of COPY's text format. It has each value as the type's own output, which the change
/// stream has too; a cast to text would differ (of <c>boolean</c> and <c>char(n)</c>).</summary>
internal static class CopyText
{
    /// <summary>Reads a line.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="columns">How many columns it has.</param>
    public static string?[] Read(string line, int columns)
    {
        var values = new string?[columns];
        var at = 0;
        for (var column = 0; column < columns; column++)
        {
            var end = line.IndexOf('\t', at);
            end = end < 0 ? line.Length : end;
            var value = line.AsSpan(at, end - at);
            values[column] = value is "\\N" ? null : value.Contains('\\') ? Unescape(value) : value.ToString();
            at = end + 1;
        }

        return values;
    }

    private static string Unescape(ReadOnlySpan<char> value)
    {
        var text = new StringBuilder(value.Length);
        for (var at = 0; at < value.Length; at++)
        {
            text.Append(value[at] != '\\' ? value[at] : value[++at] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'v' => '\v',
                var other => other,
            });
        }

        return text.ToString();
    }
}
