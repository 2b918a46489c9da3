using System.Runtime.InteropServices;

namespace Orders.Query.Changes;

/// <summary>
/// A position in the feed. Changes are ordered by transaction id, then by order and revision. A position
/// without an order is before every change of its transaction.
/// </summary>
/// <param name="Xid">The id of the transaction that projected the change.</param>
/// <param name="OrderId">The order; empty for none.</param>
/// <param name="Revision">The number of the change in the order's history, which rises with time; zero for
/// none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ChangePosition(ulong Xid, Guid OrderId = default, long Revision = 0) : IComparable<ChangePosition>
{
    public static bool operator <(ChangePosition left, ChangePosition right) => left.CompareTo(right) < 0;

    public static bool operator >(ChangePosition left, ChangePosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(ChangePosition left, ChangePosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ChangePosition left, ChangePosition right) => left.CompareTo(right) >= 0;

    /// <summary>The later of two.</summary>
    public static ChangePosition Later(ChangePosition one, ChangePosition other) => one > other ? one : other;

    // Guids compare as in Postgres: byte by byte in their written form.
    public int CompareTo(ChangePosition other) =>
        Xid != other.Xid ? Xid.CompareTo(other.Xid)
        : OrderId != other.OrderId ? OrderId.CompareTo(other.OrderId)
        : Revision.CompareTo(other.Revision);
}
