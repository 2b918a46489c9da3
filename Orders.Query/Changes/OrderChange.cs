using System.Runtime.InteropServices;

namespace Orders.Query;

/// <summary>A change that is in both stores by now.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Version">The version that the change made.</param>
/// <param name="MerchantId">Whose order it is.</param>
/// <param name="Kind">What happened.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OrderChange(Guid OrderId, long Version, string MerchantId, ChangeKind Kind);
