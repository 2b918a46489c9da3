using Orders.Bench.Measuring;

namespace Orders.Bench.Freshness;

/// <summary>What an order passes on its way, each measured by itself: medians in milliseconds.</summary>
/// <param name="Stream">From the put's answer until a reader that asks without pause has the record.</param>
/// <param name="Postgres">The order's rows, in one transaction.</param>
/// <param name="Redis">The order, through the version guard.</param>
/// <param name="Get">The order's GET through Orders.Query.</param>
/// <param name="Watch">From the message that tells of a change until the request that waits for it is
/// answered: what our looking adds.</param>
internal sealed record Hops(double Stream, double Postgres, double Redis, double Get, double Watch)
{
    /// <summary>What no consumer of this stream into these stores can be faster than.</summary>
    public double Sum => Stream + Postgres + Redis + Get;

    public string Text() => $"stream {Text(Stream)}, Postgres {Text(Postgres)}, Redis {Text(Redis)}, GET {Text(Get)}, told {Text(Watch)}";

    private static string Text(double milliseconds) => Sample.Figure(milliseconds, "ms");
}
