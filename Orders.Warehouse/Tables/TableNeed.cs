namespace Orders.Warehouse.Tables;

/// <summary>Whether a table needs a snapshot.</summary>
internal enum TableNeed
{
    /// <summary>It has one, or is refused.</summary>
    Nothing,

    /// <summary>It has none. Its changes before are not written.</summary>
    First,

    /// <summary>Its rows were changed by ALTER TABLE. Its changes before are written.</summary>
    Again,
}
