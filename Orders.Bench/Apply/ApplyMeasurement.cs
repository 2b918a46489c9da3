using Orders.Bench.Measuring;

namespace Orders.Bench.Apply;

/// <summary>What one run of one side came to.</summary>
/// <param name="Rate">Changes a second.</param>
/// <param name="BytesPerChange">Managed memory allocated for a change.</param>
/// <param name="Cost">Processor time of a change; null where the system does not tell.</param>
/// <param name="Rows">A digest of the rows of each table of <see cref="ReadModelRows"/>.</param>
internal sealed record ApplyMeasurement(double Rate, double BytesPerChange, ProcessorUse? Cost, IReadOnlyDictionary<string, (long Rows, string Digest)> Rows);
