namespace Orders.Bench.Simulation;

/// <summary>The settings of a simulation.</summary>
internal sealed record SimulationSettings
{
    public int Shards { get; init; } = 10_000;

    public int Instances { get; init; } = 50;

    /// <summary>The same seed gives the same run.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Minutes of virtual time in which instances come and go at random.</summary>
    public int ChurnMinutes { get; init; } = 30;
}
