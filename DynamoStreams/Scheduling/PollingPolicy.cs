namespace DynamoStreams.Scheduling;

/// <summary>The waits of a reader, as pure functions.</summary>
internal static class PollingPolicy
{
    /// <summary>How long to wait before the next call.</summary>
    /// <param name="options">The waits.</param>
    /// <param name="records">The number of records in the last page: after a page with records there is no
    /// wait.</param>
    /// <param name="sinceLastRecord">Time since the last page with records.</param>
    public static TimeSpan Wait(PollingOptions options, int records, TimeSpan sinceLastRecord)
    {
        if (records > 0)
        {
            return TimeSpan.Zero;
        }

        if (sinceLastRecord < options.QuickFor)
        {
            return options.Quick;
        }

        // The wait grows with the idle time: after a short pause a record is found soon, after a long one a
        // small delay does not matter.
        var wait = options.Quick + ((sinceLastRecord - options.QuickFor) / 8);
        return Shorter(wait, options.Idle);
    }

    /// <summary>Exponential backoff with full jitter, for failures in a row.</summary>
    /// <param name="options">The waits.</param>
    /// <param name="failures">How many there were, from 1.</param>
    /// <param name="random">From 0 up to 1.</param>
    public static TimeSpan Backoff(PollingOptions options, int failures, double random)
    {
        var bound = options.FirstBackoff * Math.Pow(2, Math.Min(failures - 1, 16));
        return options.FirstBackoff + (Shorter(bound, options.LongestBackoff) * random);
    }

    /// <summary>The shorter of two waits.</summary>
    public static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
