namespace Orders.Bench.Growth;

/// <summary>What changes came to.</summary>
/// <param name="Microseconds">Of processor time, a change.</param>
/// <param name="Rate">Changes a second.</param>
/// <param name="Logged">Bytes that Postgres wrote to its log for a change: what grows when changed pages are
/// many.</param>
/// <param name="Allocated">Bytes of managed memory that were allocated for a change.</param>
/// <param name="Kept">Bytes of managed memory that are in use after them and were not before.</param>
internal sealed record ChangeCost(double Microseconds, double Rate, double Logged, double Allocated, double Kept);
