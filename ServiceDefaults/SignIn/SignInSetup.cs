using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orders.ServiceDefaults.RateLimits;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.SignIn;

internal static class SignInSetup
{
    public static void AddSignIn(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings(KeySettings.Read);
        builder.Services.AddSingleton<FailedSignIns>();
        // The core only: the whole of AddAuthentication also writes data protection keys to the home
        // directory, for cookies that nobody has here.
        builder.Services.AddWebEncoders();
        builder.Services.AddTransient<KeySignIn>();
        builder.Services.AddAuthenticationCore(options =>
        {
            options.DefaultScheme = KeySignIn.SchemeName;
            options.AddScheme<KeySignIn>(KeySignIn.SchemeName, displayName: null);
        });
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(SignedInUnlessNothingIsThere());
    }

    // An endpoint that says nothing is closed. What is no endpoint of ours (unknown route, wrong method)
    // tells so instead of asking for a key.
    private static AuthorizationPolicy SignedInUnlessNothingIsThere() =>
        new AuthorizationPolicyBuilder(KeySignIn.SchemeName)
            .RequireAssertion(context =>
                context.User.Identity is { IsAuthenticated: true } || context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint)
            .Build();
}
