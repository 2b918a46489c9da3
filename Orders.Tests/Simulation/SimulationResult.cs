namespace Orders.Tests.Simulation;

/// <summary>How a simulation ended.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Broken">The promises that were broken.</param>
/// <param name="Last">The last events.</param>
/// <param name="Digest">Of all events.</param>
/// <param name="Lived">Virtual time.</param>
/// <param name="Reads">Reads that were answered, and those of them that came from Redis.</param>
internal sealed record SimulationResult(int Seed, IReadOnlyList<string> Broken, IReadOnlyList<string> Last, ulong Digest, TimeSpan Lived, (int All, int FromRedis) Reads)
{
    public override string ToString() => Broken.Count == 0 ? $"seed {Seed}: every promise is kept" :
        $"""
        seed {Seed}: {string.Join('\n', Broken)}

        The last events:
        {string.Join('\n', Last)}

        Again, with every event: ORDERS_SEED={Seed} dotnet test Orders.Tests --filter {nameof(SimulationTests)}
        """;
}
