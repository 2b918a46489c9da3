namespace DynamoStreams.Snapshots;

/// <summary>How a table is scanned.</summary>
public sealed record ScanOptions
{
    /// <summary>Segments of a new scan; they are read in parallel.</summary>
    public int Segments { get; init; } = 4;

    /// <summary>Items in a page at most. Smaller pages make shorter transactions.</summary>
    public int PageItems { get; init; } = 500;

    /// <summary>Items per second over all segments; null for no bound.</summary>
    public double? ItemsPerSecond { get; init; } = 5_000;

    /// <summary>
    /// Read capacity units per second over all segments; null for no bound but the service's throttling.
    /// </summary>
    public double? CapacityUnitsPerSecond { get; init; }

    /// <summary>The wait after the first failure in a row; it doubles with each.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait after a failure.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(5);
}
