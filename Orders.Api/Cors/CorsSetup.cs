using Microsoft.AspNetCore.Cors.Infrastructure;
using Orders.Api.Http;
using Orders.ServiceDefaults.CrossSite;
using Orders.ServiceDefaults.Settings;

namespace Orders.Api.Cors;

internal static class CorsSetup
{
    // How long a browser caches a preflight. Two hours is the most that Chromium accepts; less makes a
    // changed setting visible sooner.
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Allows what the console page needs: to place, change and delete orders with a key in a header, and to
    /// read this service's health. There are no cookies, so credentials are not allowed.
    /// </summary>
    public static IServiceCollection AddAllowedOrigins(this IServiceCollection services)
    {
        services.AddSettings(AllowedOrigins.Read).AddSingleton<IAllowedOrigins>(provider => provider.GetRequiredService<AllowedOrigins>());
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<AllowedOrigins>((options, origins) => options.AddDefaultPolicy(policy => policy
            .SetIsOriginAllowed(origins.Allow)
            .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Patch, HttpMethods.Delete)
            .WithHeaders("Authorization", "X-Api-Key", "Content-Type", "Idempotency-Key", IfMatch.Header)
            .WithExposedHeaders("ETag", "Location", "Retry-After", "Idempotent-Replayed")
            .SetPreflightMaxAge(Remembered)));
        return services;
    }
}
