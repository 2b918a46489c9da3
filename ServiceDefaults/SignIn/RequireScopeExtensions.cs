using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>Protects endpoints by scope.</summary>
public static class RequireScopeExtensions
{
    /// <summary>
    /// Admits only callers with <paramref name="scope"/>: 401 for an unauthenticated caller, 403 with the
    /// scope's name for others.
    /// </summary>
    /// <param name="builder">An endpoint or a group of them.</param>
    /// <param name="scope">One of <see cref="Scopes"/>.</param>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, string scope)
        where TBuilder : IEndpointConventionBuilder
    {
        if (!Scopes.All.Contains(scope))
        {
            throw new ArgumentException($"'{scope}' is no scope.", nameof(scope));
        }

        return builder.RequireAuthorization(new AuthorizationPolicyBuilder(KeySignIn.SchemeName)
            .AddRequirements(new ScopeRequirement(scope))
            .Build());
    }
}
