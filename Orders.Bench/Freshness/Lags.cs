namespace Orders.Bench.Freshness;

/// <summary>How long orders took to become visible, in milliseconds.</summary>
internal sealed class Lags
{
    private readonly double[] _sorted;

    private Lags(IEnumerable<double> milliseconds) => _sorted = [.. milliseconds.Order()];

    /// <summary>Half of them were visible within that.</summary>
    public double P50 => _sorted[(_sorted.Length - 1) / 2];

    /// <summary>99 in 100 were.</summary>
    public double P99 => _sorted[(_sorted.Length - 1) * 99 / 100];

    public static Lags Of(IEnumerable<TimeSpan> each) => new(each.Select(lag => lag.TotalMilliseconds));

    /// <summary>Those of several rounds as one.</summary>
    public static Lags Of(IEnumerable<Lags> rounds) => new(rounds.SelectMany(round => round._sorted));
}
