namespace Orders.Bench.Simulation;

/// <summary>What is simulated.</summary>
internal sealed record SimulationSettings
{
    public int Shards { get; init; } = 10_000;

    public int Instances { get; init; } = 50;

    /// <summary>The same seed gives the same run.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Of virtual time in which instances come and go at random.</summary>
    public int ChurnMinutes { get; init; } = 30;
}
