namespace Orders.Sync.Projection;

/// <summary>
/// Decides whether a change of the stream is later than the stored state. Two signs prove it: its place in
/// the stream; or, when the stored state has no place, that the change's old image is the stored state. The
/// version proves nothing: a writer that bypasses the write API may lower it, and an order that is put again
/// begins at 1. Without a sign the order is read from the table, which is always right. The real decision is
/// the same rule in SQL, in <see cref="ProjectionCommands"/> and <see cref="RefusedOrders"/>; a test
/// compares the two.
/// </summary>
internal static class RowGuard
{
    /// <summary>Decides. Pure.</summary>
    /// <param name="stored">The stored state; null for none.</param>
    /// <param name="change">The last change of an order in a batch.</param>
    public static RowVerdict Decide(StoredStamp? stored, OrderChange change)
    {
        if (stored is null || stored.Place < change.Place)
        {
            return RowVerdict.Write;
        }

        if (stored.IsDeleted)
        {
            // A deletion that was found in the table gets no place: this record may be an earlier deletion.
            return change.IsDeletion ? RowVerdict.Keep : RowVerdict.Ask;
        }

        var isSame = !change.IsDeletion && stored.Stamp == OrderStamp.Of(change.Order);
        if (stored.Place is { } place)
        {
            // The later place wins, whatever the old image is: a writer may have put the same state again. A
            // different state with the same place comes from another stream of the table, whose numbers
            // began anew.
            return isSame && (change.Place is null || place == change.Place) ? RowVerdict.Keep : RowVerdict.Ask;
        }

        return isSame || stored.Stamp == change.Before || change.Passed.Contains(stored.Stamp) ? RowVerdict.Write : RowVerdict.Ask;
    }
}
