namespace Orders.Warehouse.Tables;

/// <summary>What is done with a value's text before DuckDB casts it.</summary>
internal enum ColumnKind
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>Nothing; it may be no number.</summary>
    Decimal,

    /// <summary>A date or a time with one: the era is moved.</summary>
    Time,

    /// <summary>Bytes as hex: the prefix is taken off.</summary>
    Bytes,
}
