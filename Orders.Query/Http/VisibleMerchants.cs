using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.Http;

/// <summary>Whose orders a caller may see.</summary>
internal static class VisibleMerchants
{
    /// <summary>
    /// The merchants whose orders are asked for, of those that the caller may see; null for all there are.
    /// Another merchant's orders are answered like those of a merchant who has none: no order belongs to no
    /// merchant.
    /// </summary>
    public static IReadOnlyList<string>? Of(string? merchantId, Caller caller) =>
        merchantId is null
            ? caller.AllMerchants ? null : [.. caller.Merchants.Order(StringComparer.Ordinal)]
            : caller.MayUse(merchantId) ? [merchantId] : [];
}
