namespace Orders.Sync.Operations;

/// <summary>Progress of something long: a line every two seconds, which also reads well in a log.</summary>
internal sealed class ProgressLines(TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    private long _lastAt = time.GetTimestamp();
    private long _lastItems;

    /// <summary>Writes a line when it is time for one.</summary>
    /// <param name="items">Items done so far.</param>
    /// <param name="percent">Estimated part that is done.</param>
    /// <param name="rest">What else there is to say.</param>
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
