namespace Orders.Bench.Freshness;

/// <summary>The times until orders became visible, in milliseconds.</summary>
internal sealed class Lags
{
    private readonly double[] _sorted;

    private Lags(IEnumerable<double> milliseconds) => _sorted = [.. milliseconds.Order()];

    /// <summary>The median.</summary>
    public double P50 => _sorted[(_sorted.Length - 1) / 2];

    /// <summary>The 99th percentile.</summary>
    public double P99 => _sorted[(_sorted.Length - 1) * 99 / 100];

    public static Lags Of(IEnumerable<TimeSpan> each) => new(each.Select(lag => lag.TotalMilliseconds));

    /// <summary>The times of several rounds together.</summary>
    public static Lags Of(IEnumerable<Lags> rounds) => new(rounds.SelectMany(round => round._sorted));
}
