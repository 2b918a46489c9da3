using Orders.ServiceDefaults.Health;

namespace Orders.Query.Freshness;

internal static class FreshnessSetup
{
    private static readonly PathString Routes = "/v1";

    public static void AddFreshness(this IServiceCollection services)
    {
        services.AddSingleton<Freshness>();
        services.AddHostedService(provider => provider.GetRequiredService<Freshness>());
        services.AddHealthChecks().AddCheck<FreshnessCheck>("freshness", tags: [HealthTags.Ready]);
    }

    /// <summary>
    /// Puts <c>X-As-Of</c> and <c>X-Replication-Lag</c> on every answer to a request that is let in, errors
    /// included: "not there" is as of some moment too.
    /// </summary>
    public static void UseFreshness(this WebApplication app) => app.Use((http, next) =>
    {
        if (http.Request.Path.StartsWithSegments(Routes, StringComparison.Ordinal))
        {
            http.RequestServices.GetRequiredService<Freshness>().Write(http.Response);
        }

        return next(http);
    });
}
