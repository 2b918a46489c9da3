
namespace Orders.Sync.Repair;

/// <summary>A lasting difference between the stores.</summary>
/// <param name="Store">The store: <c>postgres</c>, <c>redis</c> or <c>totals</c>.</param>
/// <param name="Key">An order's id, or a total's merchant, hour and currency.</param>
/// <param name="Field">The field.</param>
/// <param name="Expected">The correct value: the table's; for a total, the sum of its orders.</param>
/// <param name="Found">The value in the store.</param>
/// <param name="WaitsBehind">The number of the dead letter that blocks the order; null for none.</param>
internal sealed record Difference(string Store, string Key, string Field, string? Expected, string? Found, long? WaitsBehind = null)
{
    public static IEnumerable<Difference> In(string store, Guid orderId, IEnumerable<FieldDifference> fields) =>
        fields.Select(field => new Difference(store, orderId.ToString("D"), field.Field, field.Expected, field.Found));

    public override string ToString() =>
        $"{Store}  {Key}  {Field}: {Expected ?? "nothing"} expected, {Found ?? "nothing"} found"
        + (WaitsBehind is { } letter ? $"; waits behind dead letter {letter}" : "");
}
