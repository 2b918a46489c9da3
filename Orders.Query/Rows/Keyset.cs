using System.Runtime.InteropServices;

namespace Orders.Query.Rows;

/// <summary>
/// An order's place in a list. Pages begin after one, so that orders which arrive or go meanwhile shift
/// nothing.
/// </summary>
/// <param name="PlacedAt">To the microsecond, as Postgres keeps it.</param>
/// <param name="OrderId">Decides among orders of one moment.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Keyset(DateTimeOffset PlacedAt, Guid OrderId);
