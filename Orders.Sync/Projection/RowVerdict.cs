namespace Orders.Sync.Projection;

/// <summary>What becomes of a change.</summary>
internal enum RowVerdict
{
    /// <summary>It is written.</summary>
    Write,

    /// <summary>
    /// It says what is there already: the same record again, or what a look at the table has found before.
    /// </summary>
    Keep,

    /// <summary>
    /// Nobody can tell which of the two is later: what is there stays, and the table is asked.
    /// </summary>
    Ask,
}
