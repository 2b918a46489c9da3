using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

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
        where TBuilder : IEndpointConventionBuilder =>
        // Without a scheme: the policy of the scope names it.
        builder.RequireAuthorization(new AuthorizationPolicy([new AllMerchantsRequirement(wayOut)], []));
}
