namespace Orders.Warehouse.Redshift;

/// <summary>What the values of a column are.</summary>
internal enum RedshiftForm
{
    /// <summary>Texts, as Postgres writes them.</summary>
    Text,

    /// <summary>Whole and floating numbers.</summary>
    Number,

    /// <summary>Exact numbers, which have no NaN here.</summary>
    Decimal,

    /// <summary>Booleans.</summary>
    Truth,

    /// <summary>Dates and times, which have no infinity here.</summary>
    Time,

    /// <summary>Bytes, as hex.</summary>
    Bytes,

    /// <summary>Lists, as JSON arrays of texts.</summary>
    List,
}
