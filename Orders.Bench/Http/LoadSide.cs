namespace Orders.Bench.Http;

/// <summary>One way to read or to write an order.</summary>
/// <param name="Name">A description in a few words.</param>
/// <param name="Load">The requests.</param>
internal sealed record LoadSide(string Name, Load Load);
