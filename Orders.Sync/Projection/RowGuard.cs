namespace Orders.Sync.Projection;

/// <summary>
/// Whether a change of the stream is later than what Postgres has. Two signs say so: its place in the stream, and the state that it says it came from. The
/// version says nothing: whoever writes past the write API may lower it, and an order that is put again begins anew. Without a sign the table is asked, which
/// is always right. <see cref="ProjectionCommands"/> and <see cref="RefusedOrders"/> say the same in SQL, where it is decided; a test compares the two.
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
            // A deletion that a look at the table has found keeps no place: the record may be of an earlier one.
            return change.IsDeletion ? RowVerdict.Keep : RowVerdict.Ask;
        }

        if (stored.Stamp == change.Before || (stored.Place is null && change.Passed.Contains(stored.Stamp)))
        {
            return RowVerdict.Write;
        }

        if (change.IsDeletion)
        {
            return RowVerdict.Ask;
        }

        var isSame = stored.Stamp == OrderStamp.Of(change.Order);
        return isSame && stored.Place is null ? RowVerdict.Write : isSame || stored.Place == change.Place ? RowVerdict.Keep : RowVerdict.Ask;
    }
}
