using Microsoft.OpenApi;
using Orders.ServiceDefaults.OpenApi;

namespace Orders.Query.Owned;

/// <summary>What routes of customers and products have in common in OpenAPI.</summary>
internal static class OwnedDocs
{
    /// <summary>Describes <c>merchant_id</c> where it says whose an id is.</summary>
    public static RouteHandlerBuilder WithMerchantOfId(this RouteHandlerBuilder route) => route.WithQuery(
        OwnedIds.Merchant, JsonSchemaType.String, "Whose an id is that does not say it itself; needed where several of the key's merchants use it.", "merchant-102");
}
