namespace Orders.Tests.Simulation.Postgres;

/// <summary>Whether a change becomes what Postgres has of its order: the product's decision, or one of the former ones that lost changes.</summary>
internal static class RowRule
{
    public static RowVerdict Decide(World world, StoredState? stored, PlacedChange change)
    {
        var lacks = stored is not null && world.Lacks(stored.IsRow ? Repair.RowPlaces : Repair.TombstonePlaces);
        return lacks ? stored!.Version < change.Change.Version ? RowVerdict.Write : RowVerdict.Same : Decide(stored, change);
    }

    private static RowVerdict Decide(StoredState? stored, PlacedChange change) => stored switch
    {
        null => RowVerdict.Write,
        { Place: { } place } when place == change.Place => RowVerdict.Same,
        { Place: { } place } when place < change.Place => RowVerdict.Write,
        { IsRow: true } when change.Before == (stored.Version, stored.UpdatedAt) => RowVerdict.Write,
        { IsRow: true, Place: null } when !change.Change.IsDeletion && (stored.Version, stored.UpdatedAt) == (change.Change.Version, change.Change.Order.UpdatedAt) => RowVerdict.Write,
        _ => RowVerdict.Doubt,
    };
}
