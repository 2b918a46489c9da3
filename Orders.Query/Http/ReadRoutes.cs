using System.Diagnostics.CodeAnalysis;

namespace Orders.Query.Http;

internal static class ReadRoutes
{
    /// <summary>
    /// Maps GET, and HEAD with the same headers and no body. HEAD is left out of the OpenAPI document, where
    /// it would repeat everything.
    /// </summary>
    /// <param name="routes">Where to.</param>
    /// <param name="pattern">The address.</param>
    /// <param name="handler">Answers both.</param>
    /// <param name="both">Conventions for both, such as filters. Those of the result apply to GET
    /// only.</param>
    public static RouteHandlerBuilder MapRead(
        this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, Delegate handler, Action<RouteHandlerBuilder>? both = null)
    {
        var head = routes.MapMethods(pattern, [HttpMethods.Head], handler).ExcludeFromDescription();
        both?.Invoke(head);
        var get = routes.MapGet(pattern, handler);
        both?.Invoke(get);
        return get;
    }
}
