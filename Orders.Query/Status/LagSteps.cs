namespace Orders.Query.Status;

/// <summary>
/// The lag as keys of some merchants are told it. To the millisecond, it would rise and fall with the
/// changes of everybody; in steps, it tells only what is wrong.
/// </summary>
internal static class LagSteps
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    /// <summary>The whole steps of a lag: 0 while it is shorter than one.</summary>
    public static TimeSpan Of(TimeSpan lag) => lag - TimeSpan.FromTicks(lag.Ticks % Step.Ticks);

    /// <summary>
    /// The beginning of the step before a time up to which everything is known. While the lag is shorter
    /// than a step, it depends on the clock alone.
    /// </summary>
    /// <param name="asOf">That time.</param>
    /// <param name="now">The database's clock.</param>
    public static DateTimeOffset Of(DateTimeOffset asOf, DateTimeOffset now)
    {
        var bound = now - Step < asOf ? now - Step : asOf;
        return new(bound.UtcTicks - (bound.UtcTicks % Step.Ticks), TimeSpan.Zero);
    }
}
