using Microsoft.OpenApi;
using Orders.ServiceDefaults.OpenApi;

namespace Orders.Query.Owned;

/// <summary>The OpenAPI descriptions that routes of customers and products share.</summary>
internal static class OwnedDocs
{
    /// <summary>Describes <c>merchant_id</c> as the owner of an id.</summary>
    public static RouteHandlerBuilder WithMerchantOfId(this RouteHandlerBuilder route) => route.WithQuery(
        OwnedIds.Merchant, JsonSchemaType.String, "Whose an id is that does not say it itself; needed where several of the key's merchants use it.", "merchant-102");
}
