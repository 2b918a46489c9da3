using System.Diagnostics.CodeAnalysis;

namespace Orders.Query;

internal static class ReadRoutes
{
    /// <summary>Maps GET, and HEAD with the same headers and no body. HEAD is left out of the OpenAPI document, where it would say everything twice.</summary>
    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, Delegate handler)
    {
        routes.MapMethods(pattern, [HttpMethods.Head], handler).ExcludeFromDescription();
        return routes.MapGet(pattern, handler);
    }
}
