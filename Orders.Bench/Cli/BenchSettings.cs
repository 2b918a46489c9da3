namespace Orders.Bench.Cli;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchSettings
{
    public const int DefaultRounds = 5;

    /// <summary>A bench's name, or <see cref="BenchCommand.All"/>.</summary>
    public string Bench { get; init; } = BenchCommand.All;

    /// <summary>How often each side is measured.</summary>
    public int Rounds { get; init; } = DefaultRounds;

    /// <summary>Little data, to see that it works: its figures mean nothing and decide nothing.</summary>
    public bool Quick { get; init; }

    /// <summary>Whether <c>docs/benchmarks.md</c> and its chart are written.</summary>
    public bool Save { get; init; }
}
