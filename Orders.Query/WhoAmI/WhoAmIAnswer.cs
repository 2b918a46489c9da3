using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.WhoAmI;

/// <summary>A key, without its secret.</summary>
/// <param name="KeyId">Its id.</param>
/// <param name="Merchants">Its merchants; <c>*</c> stands for all.</param>
/// <param name="Scopes">What it may do.</param>
internal sealed record WhoAmIAnswer(string KeyId, IReadOnlyList<string> Merchants, IReadOnlyList<string> Scopes)
{
    public const string Example = """{ "key_id": "shop", "merchants": ["merchant-102"], "scopes": ["orders:read"] }""";

    /// <summary>Describes a caller.</summary>
    public static WhoAmIAnswer Of(Caller caller) => new(
        caller.KeyId,
        caller.AllMerchants ? [Caller.EveryMerchant] : [.. caller.Merchants.Order(StringComparer.Ordinal)],
        [.. caller.Scopes.Order(StringComparer.Ordinal)]);
}
