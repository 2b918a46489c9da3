using k8s.Autorest;

namespace Orders.AppHost.Running;

/// <summary>Finds the error that a resource logged before it ended.</summary>
internal static class LastError
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(3);
    private static readonly string[] Words = ["fatal", "panic", "error", "unhandled exception", "fail:", "crit:", "cannot", "could not"];

    private static readonly string[] PostgresWords = ["FATAL:", "PANIC:"];

    /// <summary>
    /// The last line of its log that reports an error, otherwise the last line; null for an empty log.
    /// </summary>
    public static async Task<string?> ReadAsync(ResourceLoggerService logs, IResource resource)
    {
        var lines = new List<string>();
        using var bound = new CancellationTokenSource(Bound);
        try
        {
            await foreach (var batch in logs.GetAllAsync(resource).WithCancellation(bound.Token))
            {
                lines.AddRange(batch.Select(line => line.Content));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or HttpRequestException or HttpOperationException or IOException)
        {
            // Timeout: the lines read so far are enough.
        }

        return In(lines);
    }

    /// <summary>The same for these lines.</summary>
    public static string? In(IEnumerable<string> log)
    {
        var lines = log.Select(WithoutTime).Where(line => line.Length > 0 && !line.StartsWith("at ", StringComparison.Ordinal)).ToList();
        var last = lines.FindLastIndex(line => Words.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase)));
        if (last < 0)
        {
            return lines.LastOrDefault();
        }

        // .NET's console log puts the message on the next line; Postgres explains the error there.
        var next = lines.ElementAtOrDefault(last + 1) ?? "";
        return IsHeading(lines[last]) && next.Length > 0 ? next
            : next.IndexOf("DETAIL:", StringComparison.Ordinal) is >= 0 and var detail ? $"{FromWord(lines[last])}: {next[(detail + "DETAIL:".Length)..].Trim()}"
            : FromWord(lines[last]);
    }

    private static bool IsHeading(string line) =>
        line.StartsWith("fail: ", StringComparison.Ordinal) || line.StartsWith("crit: ", StringComparison.Ordinal);

    // Postgres writes its own time and process id first.
    private static string FromWord(string line) =>
        PostgresWords.Select(word => line.IndexOf(word, StringComparison.Ordinal)).Where(at => at >= 0).Select(at => line[at..].Replace(":  ", ": ", StringComparison.Ordinal)).FirstOrDefault() ?? line;

    // The orchestrator puts the time before each line.
    private static string WithoutTime(string line) =>
        line.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end && line[..end].EndsWith('Z') && DateTimeOffset.TryParse(line[..end], System.Globalization.CultureInfo.InvariantCulture, out _)
            ? line[end..].Trim()
            : line.Trim();
}
