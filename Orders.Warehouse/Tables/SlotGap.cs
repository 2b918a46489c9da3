namespace Orders.Warehouse.Tables;

/// <summary>Why changes are lost to the slot.</summary>
/// <param name="Reason">In a word, for the ledger and the metric.</param>
/// <param name="Detail">As a sentence.</param>
internal sealed record SlotGap(string Reason, string Detail)
{
    /// <summary>Judges a slot. A pure function.</summary>
    /// <param name="slot">Its name.</param>
    /// <param name="publication">The publication's name.</param>
    /// <param name="record">What the ledger knows.</param>
    /// <param name="look">What the server says.</param>
    /// <returns>The gap; null when there is none: then the slot goes on, or none was made yet.</returns>
    public static SlotGap? Find(string slot, string publication, SlotRecord record, SlotLook look) => (record, look) switch
    {
        ({ MadeLsn: null }, _) => null,
        (_, { Exists: false }) => new("missing", $"The replication slot {slot} is gone: it was dropped, or the database is on another server now."),
        (_, { Invalidation: { } why }) => new("invalidated", $"The replication slot {slot} is invalid ({why}): it was not read in time."),
        (_, { Publication: null }) => new("publication", $"The publication {publication} is gone: it was dropped."),
        _ when look.Publication != record.Publication => new("publication", $"The publication {publication} is another one now: it was dropped and made again."),
        _ => null,
    };
}
