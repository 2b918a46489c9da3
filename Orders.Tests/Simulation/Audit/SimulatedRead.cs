namespace Orders.Tests.Simulation.Audit;

/// <summary>A read that is under way.</summary>
/// <param name="Reader">Who reads.</param>
/// <param name="Query">Whom it asks.</param>
/// <param name="OrderId">What it asks for.</param>
/// <param name="BeganAt">When it began.</param>
/// <param name="Freezes">How often whom it asks had been frozen by then.</param>
/// <param name="Told">The state that its reader had been told by then.</param>
internal sealed record SimulatedRead(string Reader, string Query, Guid OrderId, TimeSpan BeganAt, int Freezes, int Told);
