namespace Orders.Bench.Http;

/// <summary>A side's turn: short, so that what else the machine does falls on every side.</summary>
/// <param name="LeadIn">Of the moment, what does not count: caches still hold what the side before it
/// left.</param>
/// <param name="Counted">What counts.</param>
internal sealed record Turn(TimeSpan LeadIn, TimeSpan Counted);
