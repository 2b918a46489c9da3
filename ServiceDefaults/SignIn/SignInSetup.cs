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
        builder.AddKeysFile();
        builder.Services.AddSingleton<CurrentKeys>().ReadAtStart<CurrentKeys>();
        builder.Services.AddSingleton<FailedSignIns>();
        builder.Services.AddSingleton<AuditLog>();
        // Only the core: AddAuthentication also writes data protection keys to the home directory, for
        // cookies that are not used here.
        builder.Services.AddWebEncoders();
        builder.Services.AddTransient<KeySignIn>();
        builder.Services.AddAuthenticationCore(options =>
        {
            options.DefaultScheme = KeySignIn.SchemeName;
            options.AddScheme<KeySignIn>(KeySignIn.SchemeName, displayName: null);
        });
        builder.AddTokens();
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, MerchantsAnswer>();
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(SignedInUnlessNothingIsThere());
    }

    // An endpoint without a scope is closed. An unknown route or wrong method is answered as such, not with
    // a 401.
    private static AuthorizationPolicy SignedInUnlessNothingIsThere() =>
        new AuthorizationPolicyBuilder(KeySignIn.SchemeName)
            .RequireAssertion(context =>
                context.User.Identity is { IsAuthenticated: true } || context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint)
            .Build();
}
