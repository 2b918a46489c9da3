namespace Orders.Tests.Fuzz;

/// <summary>What is in the stores, so that a request may hit something.</summary>
/// <param name="OrderIds">Orders.</param>
/// <param name="Merchants">Their merchants; the first is the one of the limited key.</param>
/// <param name="Customers">Their customers.</param>
/// <param name="Products">Their products.</param>
/// <param name="Cursors">Cursors of lists.</param>
/// <param name="Questions">The ready questions of the warehouse.</param>
internal sealed record Known(
    IReadOnlyList<string> OrderIds,
    IReadOnlyList<string> Merchants,
    IReadOnlyList<string> Customers,
    IReadOnlyList<string> Products,
    IReadOnlyList<string> Cursors,
    IReadOnlyList<string> Questions);
