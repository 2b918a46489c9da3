namespace Orders.Sync.Projection;

/// <summary>The decision about a change.</summary>
internal enum RowVerdict
{
    /// <summary>It is written.</summary>
    Write,

    /// <summary>
    /// It is stored already: the same record again, or a state that was read from the table.
    /// </summary>
    Keep,

    /// <summary>
    /// It is unknown which state is later: the stored one stays, and the order is read from the table.
    /// </summary>
    Ask,
}
