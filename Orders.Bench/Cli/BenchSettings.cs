namespace Orders.Bench.Cli;

/// <summary>The settings from the command line.</summary>
internal sealed record BenchSettings
{
    public const int DefaultRounds = 5;

    /// <summary>A bench's name, or <see cref="BenchCommand.All"/>.</summary>
    public string Bench { get; init; } = BenchCommand.All;

    /// <summary>The number of measurements of each side.</summary>
    public int Rounds { get; init; } = DefaultRounds;

    /// <summary>
    /// Little data, only to check that the benches work: the figures mean nothing, and no bound is checked.
    /// </summary>
    public bool Quick { get; init; }

    /// <summary>Whether <c>docs/benchmarks.md</c> and its chart are written.</summary>
    public bool Save { get; init; }
}
