using Microsoft.AspNetCore.Http.HttpResults;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.WhoAmI;

/// <summary>
/// <c>GET /v1/whoami</c>: what the key of the request is. It asks no store, so Orders.GraphQL finds out by
/// it who asks, before it reads a query.
/// </summary>
internal static class GetWhoAmI
{
    public static Ok<WhoAmIAnswer> Handle(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(WhoAmIAnswer.Of(http.GetCaller()));
    }
}
