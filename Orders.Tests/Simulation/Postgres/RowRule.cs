using Orders.Sync.Projection;

namespace Orders.Tests.Simulation.Postgres;

/// <summary>
/// Whether a change becomes what Postgres has of its order: the product's decision, or the former one, which
/// went by versions and lost changes.
/// </summary>
internal static class RowRule
{
    public static RowVerdict Decide(World world, StoredState? stored, OrderChange change)
    {
        if (stored is not null && world.Lacks(stored.IsRow ? Repair.RowPlaces : Repair.TombstonePlaces))
        {
            return stored.Version < change.Version ? RowVerdict.Write : RowVerdict.Keep;
        }

        return change.IsOutOfOrder ? RowVerdict.Ask : RowGuard.Decide(stored?.Stamp, change);
    }
}
