namespace Orders.Bench.Http;

/// <summary>A side's turn. It is short, so that other load on the machine affects every side.</summary>
/// <param name="LeadIn">The first part, which does not count: caches still hold data of the previous
/// side.</param>
/// <param name="Counted">The part that counts.</param>
internal sealed record Turn(TimeSpan LeadIn, TimeSpan Counted);
