using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;
using Orders.ServiceDefaults.OpenApi;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>Protects endpoints that cannot be limited to the orders of some merchants.</summary>
public static class RequireAllMerchantsExtensions
{
    /// <summary>
    /// Admits only callers of all merchants: 403 for others, before the body is read and anything begins.
    /// Add it to <see cref="RequireScopeExtensions.RequireScope"/>, not in its place.
    /// </summary>
    /// <param name="builder">An endpoint or a group of them.</param>
    /// <param name="wayOut">What a caller of some merchants can do, as a sentence.</param>
    public static TBuilder RequireAllMerchants<TBuilder>(this TBuilder builder, string? wayOut = null)
        where TBuilder : IEndpointConventionBuilder
    {
        var requirement = new AllMerchantsRequirement(wayOut);
        // Without a scheme: the policy of the scope names it.
        builder.RequireAuthorization(new AuthorizationPolicy([requirement], []));
        return builder.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Responses ??= [];
            operation.Responses[$"{StatusCodes.Status403Forbidden}"] = new OpenApiResponse
            {
                Description = "The key lacks the scope, or does not belong to all merchants.",
                Content = ProblemExample.Content(StatusCodes.Status403Forbidden, requirement.Detail),
            };
            return Task.CompletedTask;
        });
    }
}
