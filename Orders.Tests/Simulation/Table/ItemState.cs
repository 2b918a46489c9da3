using Orders.Domain;

namespace Orders.Tests.Simulation.Table;

/// <summary>An item of the table.</summary>
/// <param name="Order">What it says.</param>
/// <param name="Marks">The write API's marks; null where there are none.</param>
internal sealed record ItemState(Order Order, string? Marks);
