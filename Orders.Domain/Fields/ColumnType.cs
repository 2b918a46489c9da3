namespace Orders.Domain.Fields;

/// <summary>
/// The Postgres types of an order's columns. They decide how a value is written and compared.
/// </summary>
public enum ColumnType
{
    /// <summary>A <see cref="Guid"/>.</summary>
    Uuid,

    /// <summary>A <see cref="string"/>.</summary>
    Text,

    /// <summary>A <see cref="decimal"/>. Two with different numbers of digits may be equal.</summary>
    Numeric,

    /// <summary>A <see cref="DateTimeOffset"/>, in UTC.</summary>
    TimestampTz,

#pragma warning disable CA1720 // It is the name of Postgres' type.
    /// <summary>An <see cref="int"/>.</summary>
    Integer,
#pragma warning restore CA1720

    /// <summary>A <see cref="long"/>.</summary>
    Bigint,
}
