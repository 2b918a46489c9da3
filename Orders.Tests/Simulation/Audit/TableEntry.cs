using System.Numerics;

namespace Orders.Tests.Simulation.Audit;

/// <summary>What the table held of an order, from a moment on.</summary>
/// <param name="State">Version, amount and status; null when it was not there.</param>
/// <param name="Sequence">The number of the record.</param>
/// <param name="At">From when on.</param>
/// <param name="By">Who wrote it.</param>
internal sealed record TableEntry((long Version, decimal Amount, string Status)? State, BigInteger Sequence, TimeSpan At, string By);
