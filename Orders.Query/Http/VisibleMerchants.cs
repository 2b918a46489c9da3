using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.Http;

/// <summary>The merchants whose orders a caller may see.</summary>
internal static class VisibleMerchants
{
    /// <summary>
    /// The requested merchants that the caller may see; null for all. A merchant that is not visible gives
    /// an empty list, which matches no order, as for a merchant without orders.
    /// </summary>
    public static IReadOnlyList<string>? Of(string? merchantId, Caller caller) =>
        merchantId is null
            ? caller.AllMerchants ? null : [.. caller.Merchants.Order(StringComparer.Ordinal)]
            : caller.MayUse(merchantId) ? [merchantId] : [];
}
