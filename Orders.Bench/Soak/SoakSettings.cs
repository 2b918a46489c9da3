namespace Orders.Bench.Soak;

/// <summary>The settings of a soak.</summary>
internal sealed record SoakSettings
{
    public const int DefaultMinutes = 30;

    /// <summary>How long the load lasts.</summary>
    public int Minutes { get; init; } = DefaultMinutes;

    /// <summary>Orders placed a second; each is also read, and many are changed or deleted.</summary>
    public int Orders { get; init; } = 40;

    /// <summary>The seed of what is ordered and of which service is restarted when.</summary>
    public int Seed { get; init; } = 1;
}
