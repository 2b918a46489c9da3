namespace Orders.Warehouse.Tables;

/// <summary>How a table is, as <c>warehouse.sql_tables.state</c> has it.</summary>
internal enum TableState
{
    /// <summary>A snapshot is to come, and changes before it are not written.</summary>
    New,

    /// <summary>It has a snapshot, and its changes are written.</summary>
    Streaming,

    /// <summary>It cannot be read.</summary>
    Refused,
}
