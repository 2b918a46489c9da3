using System.Runtime.InteropServices;

namespace Orders.Sync.Projection;

/// <summary>
/// A change that was passed over: not applied, because it is not certainly later than the stored state.
/// </summary>
/// <param name="OrderId">Its order.</param>
/// <param name="Cause">The cause, one of those in <see cref="RefusedOrders"/>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PassedChange(Guid OrderId, string Cause);
