namespace Orders.Sync.Projection;

/// <summary>
/// Whether a change of the stream is later than what Postgres has. Two signs say so: its place in the
/// stream, and, of what has no place, the state that it says it came from. The version says nothing: whoever
/// writes past the write API may lower it, and an order that is put again begins anew. Without a sign the
/// table is asked, which is always right. <see cref="ProjectionCommands"/> and <see cref="RefusedOrders"/>
/// say the same in SQL, where it is decided; a test compares the two.
/// </summary>
internal static class RowGuard
{
    /// <summary>Decides. Pure.</summary>
    /// <param name="stored">What Postgres has; null for nothing.</param>
    /// <param name="change">The last change of an order in a batch.</param>
    public static RowVerdict Decide(StoredStamp? stored, OrderChange change)
    {
        if (stored is null || stored.Place < change.Place)
        {
            return RowVerdict.Write;
        }

        if (stored.IsDeleted)
        {
            // A deletion that a look at the table has found keeps no place: the record may be of an earlier
            // one.
            return change.IsDeletion ? RowVerdict.Keep : RowVerdict.Ask;
        }

        var isSame = !change.IsDeletion && stored.Stamp == OrderStamp.Of(change.Order);
        if (stored.Place is { } place)
        {
            // Of two places one is later, whatever state the change came from: a writer may have put that
            // very state again. Another state of the same place is of another stream of the table, whose
            // numbers have begun anew.
            return isSame && (change.Place is null || place == change.Place) ? RowVerdict.Keep : RowVerdict.Ask;
        }

        return isSame || stored.Stamp == change.Before || change.Passed.Contains(stored.Stamp) ? RowVerdict.Write : RowVerdict.Ask;
    }
}
