namespace Orders.Warehouse.Tables;

/// <summary>A step of writing a range of changes.</summary>
internal enum TableStep
{
    /// <summary>The files are noted in the ledger.</summary>
    Noted,

    /// <summary>A file is in the lake.</summary>
    Written,

    /// <summary>The files are live and the position is moved.</summary>
    Registered,

    /// <summary>The publication has the tables, and the snapshot is not made yet.</summary>
    Published,

    /// <summary>The slot is made, and the ledger does not know it yet.</summary>
    SlotMade,

    /// <summary>A snapshot has some of its files live.</summary>
    SnapshotPart,
}
