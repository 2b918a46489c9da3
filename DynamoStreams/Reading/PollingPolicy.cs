namespace DynamoStreams.Reading;

/// <summary>The waits of a reader, as pure functions.</summary>
internal static class PollingPolicy
{
    /// <summary>How long to wait before the next call.</summary>
    /// <param name="options">The waits.</param>
    /// <param name="records">How many records the last answer had: none at all is waited for when there was one.</param>
    /// <param name="sinceLastRecord">Time since an answer had records.</param>
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

        // From quick to idle over as long again, in proportion to the silence.
        var silence = (sinceLastRecord - options.QuickFor) / options.QuickFor;
        var wait = options.Quick + ((options.Idle - options.Quick) * Math.Min(1, silence));
        return wait < options.Idle ? wait : options.Idle;
    }

    /// <summary>How long to wait after failures in a row: full jitter over a doubling bound.</summary>
    /// <param name="options">The waits.</param>
    /// <param name="failures">How many there were, from 1.</param>
    /// <param name="random">From 0 up to 1.</param>
    public static TimeSpan Backoff(PollingOptions options, int failures, double random)
    {
        var bound = options.FirstBackoff * Math.Pow(2, Math.Min(failures - 1, 16));
        bound = bound < options.LongestBackoff ? bound : options.LongestBackoff;
        return options.FirstBackoff + (bound * random);
    }
}
