namespace Orders.Warehouse.Embedded;

/// <summary>What a query may take.</summary>
internal sealed record QueryBounds
{
    /// <summary>How long it may run.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many rows are answered; more are cut off.</summary>
    public int Rows { get; init; } = 10_000;

    /// <summary>The memory for its tables in MiB; nothing is put on disk. By default a quarter of what there
    /// is, 4 GiB at most.</summary>
    public int MemoryMegabytes { get; init; } = (int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 / (1024 * 1024), 512, 4_096);

    /// <summary>The size of its answer in MiB.</summary>
    public int AnswerMegabytes { get; init; } = 64;
}
