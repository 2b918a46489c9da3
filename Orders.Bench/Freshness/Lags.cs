namespace Orders.Bench.Freshness;

/// <summary>How long orders took to become visible, in milliseconds.</summary>
/// <param name="P50">Half of them were visible within that.</param>
/// <param name="P99">99 in 100 were.</param>
internal sealed record Lags(double P50, double P99)
{
    public static Lags Of(IEnumerable<TimeSpan> each)
    {
        var sorted = each.Select(lag => lag.TotalMilliseconds).Order().ToArray();
        return new(sorted[(sorted.Length - 1) / 2], sorted[(sorted.Length - 1) * 99 / 100]);
    }
}
