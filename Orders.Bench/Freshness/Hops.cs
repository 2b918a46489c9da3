using Orders.Bench.Measuring;

namespace Orders.Bench.Freshness;

/// <summary>
/// The hops of an order from the table to the reader, each measured alone: medians in milliseconds.
/// </summary>
/// <param name="Stream">From the response to the put until a reader that polls without a pause has the
/// record.</param>
/// <param name="Postgres">Writing the order's rows in one transaction.</param>
/// <param name="Redis">Writing the order through the version guard.</param>
/// <param name="Get">The order's GET through Orders.Query.</param>
/// <param name="Watch">From the message about a change until the request that waits for it gets its
/// response: the delay that our measurement adds.</param>
internal sealed record Hops(double Stream, double Postgres, double Redis, double Get, double Watch)
{
    /// <summary>The lower limit for any consumer of this stream with these stores.</summary>
    public double Sum => Stream + Postgres + Redis + Get;

    public string Text() => $"stream {Text(Stream)}, Postgres {Text(Postgres)}, Redis {Text(Redis)}, GET {Text(Get)}, told {Text(Watch)}";

    private static string Text(double milliseconds) => Sample.Figure(milliseconds, "ms");
}
