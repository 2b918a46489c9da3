using Orders.Bench.Measuring;

namespace Orders.Bench.Freshness;

/// <summary>The figures of the rounds.</summary>
internal sealed class FreshnessFigures
{
    private readonly List<(string Side, Lags Lags, double Reads)> _rounds = [];

    public List<Hops> Hops { get; } = [];

    public void Add(string side, Lags lags, double reads) => _rounds.Add((side, lags, reads));

    /// <summary>A figure computed from the orders of all rounds.</summary>
    public Sample Of(string side, Func<Lags, double> figure) => Sample.Pooled(figure(All(side)), Each(side, figure));

    /// <summary>The ratio of that figure between two sides.</summary>
    public Sample Ratio(string side, string other, Func<Lags, double> figure) =>
        Sample.Pooled(figure(All(side)) / figure(All(other)), Each(side, figure).Zip(Each(other, figure), (one, its) => one / its));

    public List<double> P50(string side) => Each(side, lags => lags.P50);

    /// <summary>GetRecords calls a second.</summary>
    public List<double> Reads(string side) => [.. _rounds.Where(round => round.Side == side).Select(round => round.Reads)];

    private Lags All(string side) => Lags.Of(_rounds.Where(round => round.Side == side).Select(round => round.Lags));

    private List<double> Each(string side, Func<Lags, double> figure) => [.. _rounds.Where(round => round.Side == side).Select(round => figure(round.Lags))];
}
