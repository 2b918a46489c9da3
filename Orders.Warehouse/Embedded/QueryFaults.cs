using System.Text.RegularExpressions;

namespace Orders.Warehouse.Embedded;

/// <summary>Puts what DuckDB says of a failed query into our words where they help more.</summary>
internal static partial class QueryFaults
{
    /// <summary>The words for <see cref="QueryFault.Time"/>.</summary>
    public const string TooLong = "It took too long and was stopped. Ask for fewer days, or allow more time.";

    /// <summary>The failure behind a message of DuckDB.</summary>
    public static QueryException Of(string message)
    {
        if (BadFile().Match(message) is { Success: true } bad)
        {
            return new(QueryFault.File, $"{bad.Groups["file"].Value} is no whole Parquet file of the log. Move it out of the lake; if the warehouse wrote it, restore it from a copy of the lake, or run 'compact --state-anew' when it is one of orders_state. {message}");
        }

        if (message.Contains("Cannot open file", StringComparison.Ordinal) && message.Contains("No such file", StringComparison.Ordinal))
        {
            return new(QueryFault.Gone, "A file was replaced while the query ran. Ask again.");
        }

        if (message.StartsWith("INTERRUPT", StringComparison.OrdinalIgnoreCase))
        {
            return new(QueryFault.Time, TooLong);
        }

        if (message.StartsWith("Out of Memory", StringComparison.Ordinal) || message.Contains("bad_alloc", StringComparison.Ordinal))
        {
            return new(QueryFault.Size, "It needs more memory than a query gets here. Ask for fewer days, or group by fewer columns.");
        }

        if (message.StartsWith("Permission Error", StringComparison.Ordinal) || message.Contains("configuration has been locked", StringComparison.Ordinal)
            || message.Contains("read-only", StringComparison.Ordinal) || message.Contains("disabled by configuration", StringComparison.Ordinal))
        {
            return new(QueryFault.Refused, $"That is not allowed here: SQL reads the lake's logs, and no other file, no network and no setting. {message}");
        }

        return new(QueryFault.Sql, message);
    }

    [GeneratedRegex(
        @"^(?=.*(?:No magic bytes|too small to be a Parquet file|move it elsewhere|Parquet file|parquet file|Corrupt|corrupt|deserialize)).*?(?<file>/[^']*?\.parquet)",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BadFile();
}
