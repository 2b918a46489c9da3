using Orders.Bench.Measuring;

namespace Orders.Bench.Apply;

/// <summary>The result of one run of one side.</summary>
/// <param name="Rate">Changes a second.</param>
/// <param name="BytesPerChange">Managed memory allocated per change.</param>
/// <param name="Cost">Processor time per change; null where the system does not report it.</param>
/// <param name="Rows">A digest of the rows of each table of <see cref="ReadModelRows"/>.</param>
internal sealed record ApplyMeasurement(double Rate, double BytesPerChange, ProcessorUse? Cost, IReadOnlyDictionary<string, (long Rows, string Digest)> Rows);
