
namespace Orders.Sync.Repair;

/// <summary>A field that two stores hold differently.</summary>
/// <param name="Field">The field: <c>amount</c>, <c>items[2].unit_price</c>; <c>order</c> when the whole
/// order is missing or surplus.</param>
/// <param name="Expected">What it should be; null for nothing.</param>
/// <param name="Found">What it is; null for nothing.</param>
internal sealed record FieldDifference(string Field, string? Expected, string? Found);
