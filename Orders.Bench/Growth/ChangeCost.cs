namespace Orders.Bench.Growth;

/// <summary>What changes came to.</summary>
/// <param name="Microseconds">Of processor time, a change.</param>
/// <param name="Rate">Changes a second.</param>
/// <param name="Logged">Bytes that Postgres wrote to its log for a change: what grows when changed pages are many.</param>
/// <param name="Allocated">Bytes of managed memory that were allocated for a change.</param>
/// <param name="WorkingSet">Bytes that the whole process has in memory after them and a full collection.</param>
internal sealed record ChangeCost(double Microseconds, double Rate, double Logged, double Allocated, double WorkingSet);
