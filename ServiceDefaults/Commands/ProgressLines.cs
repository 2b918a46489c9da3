namespace Orders.ServiceDefaults.Commands;

/// <summary>Prints the progress of a long run: a line every two seconds, which also suits a log.</summary>
public sealed class ProgressLines(TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    private long _lastAt = time.GetTimestamp();
    private long _lastItems;

    /// <summary>Writes a line if one is due.</summary>
    /// <param name="items">Items done so far.</param>
    /// <param name="percent">Estimated part that is done.</param>
    /// <param name="rest">The rest of the line.</param>
    public async Task WriteAsync(long items, int percent, string rest)
    {
        var elapsed = time.GetElapsedTime(_lastAt);
        if (elapsed < Between)
        {
            return;
        }

        var rate = (items - _lastItems) / elapsed.TotalSeconds;
        (_lastAt, _lastItems) = (time.GetTimestamp(), items);
        await output.WriteLineAsync($"{items} items, about {percent} %, {rate:0}/s: {rest}");
    }
}
