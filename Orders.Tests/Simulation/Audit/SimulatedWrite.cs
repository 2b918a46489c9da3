namespace Orders.Tests.Simulation.Audit;

/// <summary>A request of the write API.</summary>
/// <param name="Name">Its own name.</param>
/// <param name="OrderId">The order.</param>
/// <param name="IfMatch">The version that it names; null for any.</param>
/// <param name="BeganAt">When it began.</param>
internal sealed record SimulatedWrite(string Name, Guid OrderId, long? IfMatch, TimeSpan BeganAt);
