namespace Orders.Warehouse.Store;

/// <summary>How large a request to S3 is, and how long we wait for it.</summary>
internal sealed record S3Limits
{
    /// <summary>A larger object is sent in parts of this size, each of which can be sent again. S3 takes ten
    /// thousand parts, of 5 MiB at least.</summary>
    public int PartBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How often a request that failed in passing is sent again. The pauses double, up to
    /// 20 s.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>The bound of one attempt, with the body that is sent and without the one that
    /// comes.</summary>
    public TimeSpan Attempt { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>After this time without a byte a body that comes is given up.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The pause before a body that was cut is asked for again; it doubles.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(200);
}
