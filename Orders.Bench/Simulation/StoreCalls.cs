namespace Orders.Bench.Simulation;

/// <summary>The calls of all instances to the lease store.</summary>
internal sealed class StoreCalls
{
    public const string Look = "look";
    public const string Heartbeat = "heartbeat";
    private const double FewestMilliseconds = 2;
    private const double MostMilliseconds = 10;

    /// <summary>The additional time of a call per row, for both directions.</summary>
    public static readonly TimeSpan ForRow = TimeSpan.FromMicroseconds(3.5);

    private readonly SortedDictionary<string, (long Calls, long Rows)> _counts = new(StringComparer.Ordinal);

    public static TimeSpan Latency(Random random) => TimeSpan.FromMilliseconds(FewestMilliseconds + (random.NextDouble() * (MostMilliseconds - FewestMilliseconds)));

    public void Count(string operation, int rows)
    {
        var (calls, before) = _counts.GetValueOrDefault(operation);
        _counts[operation] = (calls + 1, before + rows);
    }

    public (long Calls, long Rows) Of(string operation) => _counts.GetValueOrDefault(operation);

    public (long Calls, long Rows) All => (_counts.Values.Sum(count => count.Calls), _counts.Values.Sum(count => count.Rows));
}
