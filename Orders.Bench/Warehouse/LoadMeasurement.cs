namespace Orders.Bench.Warehouse;

/// <summary>The result of one run of one side.</summary>
/// <param name="Micros">Processor time for a change, of this process and of Postgres; where the system does
/// not report it, the elapsed time.</param>
/// <param name="Postgres">Postgres' part of it.</param>
/// <param name="Bytes">What the warehouse takes for a change.</param>
internal sealed record LoadMeasurement(double Micros, double Postgres, double Bytes)
{
    /// <summary>Changes that one core takes in a second.</summary>
    public double Rate => 1_000_000 / Micros;
}
