using System.Globalization;

namespace Orders.Tests.Fuzz;

/// <summary>What a run is made from; the same settings make the same requests.</summary>
/// <param name="Seed"><c>ORDERS_FUZZ_SEED</c>: every request follows from it and its own number.</param>
/// <param name="Requests"><c>ORDERS_FUZZ_REQUESTS</c>: how many.</param>
/// <param name="At"><c>ORDERS_FUZZ_AT</c>: the number of the only one to send; null for all.</param>
internal sealed record FuzzSettings(int Seed, int Requests, int? At)
{
    // As many as CI has time for.
    private const int Few = 5_000;

    public static FuzzSettings Read() => new(Number("ORDERS_FUZZ_SEED") ?? 17, Number("ORDERS_FUZZ_REQUESTS") ?? Few, Number("ORDERS_FUZZ_AT"));

    /// <summary>The numbers of the requests to send.</summary>
    public IEnumerable<int> Numbers => At is { } one ? [one] : Enumerable.Range(0, Requests);

    /// <summary>The chance that makes a request.</summary>
    public Random RandomOf(int number) => new(unchecked((Seed * 1_000_003) + number));

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;
}
