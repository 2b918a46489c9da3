using System.Runtime.InteropServices;

namespace Orders.Sync.Projection;

/// <summary>A change that was not applied, since it is not surely later than what is here.</summary>
/// <param name="OrderId">Its order.</param>
/// <param name="Cause">Why, as <see cref="RefusedOrders"/> names it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PassedChange(Guid OrderId, string Cause);
