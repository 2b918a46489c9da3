namespace Orders.Bench.Growth;

/// <summary>What changes came to.</summary>
/// <param name="Microseconds">Of processor time, a change.</param>
/// <param name="Rate">Changes a second.</param>
/// <param name="Held">Bytes of managed memory that the service holds after them, more than before.</param>
internal sealed record ChangeCost(double Microseconds, double Rate, double Held);
