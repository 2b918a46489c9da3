namespace Orders.Bench.Freshness;

/// <summary>What the rounds came to.</summary>
internal sealed class FreshnessFigures
{
    private readonly List<(string Side, Lags Lags, double Reads)> _rounds = [];

    public List<Hops> Hops { get; } = [];

    public void Add(string side, Lags lags, double reads) => _rounds.Add((side, lags, reads));

    public List<double> P50(string side) => [.. _rounds.Where(round => round.Side == side).Select(round => round.Lags.P50)];

    public List<double> P99(string side) => [.. _rounds.Where(round => round.Side == side).Select(round => round.Lags.P99)];

    /// <summary>Calls of GetRecords a second.</summary>
    public List<double> Reads(string side) => [.. _rounds.Where(round => round.Side == side).Select(round => round.Reads)];
}
