namespace Orders.Bench.Http;

/// <summary>One way to read or to write an order.</summary>
/// <param name="Name">What it is, in a few words.</param>
/// <param name="Load">Does it.</param>
internal sealed record LoadSide(string Name, Load Load);
