
namespace Orders.Sync.Repair;

/// <summary>A lasting difference between the stores.</summary>
/// <param name="Store">Where: <c>postgres</c>, <c>redis</c> or <c>totals</c>.</param>
/// <param name="Key">Whose: an order's id, or a total's merchant, hour and currency.</param>
/// <param name="Field">The field.</param>
/// <param name="Expected">What it should be: the table's value; of a total, what its orders add up
/// to.</param>
/// <param name="Found">What the store has.</param>
/// <param name="WaitsBehind">The dead letter, by its number, behind which the order's changes wait; null
/// where none does.</param>
internal sealed record Difference(string Store, string Key, string Field, string? Expected, string? Found, long? WaitsBehind = null)
{
    public static IEnumerable<Difference> In(string store, Guid orderId, IEnumerable<FieldDifference> fields) =>
        fields.Select(field => new Difference(store, orderId.ToString("D"), field.Field, field.Expected, field.Found));

    public override string ToString() =>
        $"{Store}  {Key}  {Field}: {Expected ?? "nothing"} expected, {Found ?? "nothing"} found"
        + (WaitsBehind is { } letter ? $"; waits behind dead letter {letter}" : "");
}
