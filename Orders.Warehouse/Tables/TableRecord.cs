namespace Orders.Warehouse.Tables;

/// <summary>What the ledger knows of a table.</summary>
internal sealed record TableRecord
{
    /// <summary>Its name in the setting.</summary>
    public required string Name { get; init; }

    /// <summary>Its log.</summary>
    public required string Log { get; init; }

    /// <summary>How it is.</summary>
    public required TableState State { get; init; }

    /// <summary>Why it is refused; null when it is not.</summary>
    public string? Reason { get; init; }

    /// <summary>Its oid; null of a table that there is not.</summary>
    public uint? Relation { get; init; }

    /// <summary>Its entry in the publication; null for none.</summary>
    public uint? Entry { get; init; }

    /// <summary>The numbers of its key's columns.</summary>
    public string? KeyNumbers { get; init; }

    /// <summary>The names of its key's columns.</summary>
    public IReadOnlyList<string> KeyColumns { get; init; } = [];

    /// <summary>All columns, as <see cref="Attributes"/> compares them.</summary>
    public string? Attributes { get; init; }

    /// <summary>The consistent point of its snapshot; null before one.</summary>
    public ulong? SnapshotLsn { get; init; }
}
