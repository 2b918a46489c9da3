using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.SignIn;

internal static class TokenSetup
{
    // Clocks of two machines differ by this at most.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    // A new key of the issuer is looked for when a token names an unknown one, at most so often.
    private static readonly TimeSpan BetweenRefreshes = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan IssuerTimeout = TimeSpan.FromSeconds(3);

    public static void AddTokens(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings(TokenSettings.Read);
        builder.Services.AddSingleton<IssuerKeys>().AddSingleton<TokenSignIn>();
        // Not by AddJwtBearer: it needs AddAuthentication, which is too much here (see SignInSetup).
        builder.Services.AddTransient<JwtBearerHandler>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<JwtBearerOptions>, JwtBearerPostConfigureOptions>());
        builder.Services.Configure<AuthenticationOptions>(options => options.AddScheme<JwtBearerHandler>(JwtBearerDefaults.AuthenticationScheme, displayName: null));
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<TokenSettings>((bearer, settings) =>
        {
            bearer.Authority = settings.Authority?.ToString();
            bearer.Audience = settings.Audience;
            bearer.RequireHttpsMetadata = settings.Authority is { IsLoopback: false };
            // Claims keep the names that the issuer gives them.
            bearer.MapInboundClaims = false;
            bearer.BackchannelTimeout = IssuerTimeout;
            bearer.RefreshInterval = BetweenRefreshes;
            bearer.TokenValidationParameters.ClockSkew = ClockSkew;
            bearer.TokenValidationParameters.ValidateIssuer = true;
            bearer.TokenValidationParameters.ValidateAudience = true;
            bearer.TokenValidationParameters.RequireExpirationTime = true;
            bearer.TokenValidationParameters.RequireSignedTokens = true;
        });
    }
}
