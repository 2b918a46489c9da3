namespace Orders.Bench.Growth;

/// <summary>The cost of changes.</summary>
/// <param name="Microseconds">Processor time per change.</param>
/// <param name="Rate">Changes a second.</param>
/// <param name="Logged">Bytes of WAL that Postgres wrote per change; they grow with the number of changed
/// pages.</param>
/// <param name="Allocated">Bytes of managed memory allocated per change.</param>
/// <param name="Kept">Additional bytes of managed memory in use after the changes.</param>
internal sealed record ChangeCost(double Microseconds, double Rate, double Logged, double Allocated, double Kept);
