using System.Runtime.InteropServices;

namespace Orders.Query.Rows;

/// <summary>
/// An order's position in a list (keyset pagination). Pages begin after a position, so that new or deleted
/// orders shift nothing.
/// </summary>
/// <param name="PlacedAt">To the microsecond, as Postgres keeps it.</param>
/// <param name="OrderId">Decides between orders of the same time.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Keyset(DateTimeOffset PlacedAt, Guid OrderId);
