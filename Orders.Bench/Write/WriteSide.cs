using Orders.Bench.Http;

namespace Orders.Bench.Write;

/// <summary>One way to write an order.</summary>
/// <param name="Name">What it is, in a few words.</param>
/// <param name="MeasureAsync">Writes for a while.</param>
internal sealed record WriteSide(string Name, Func<TimeSpan, Task<LoadResult>> MeasureAsync);
