using Orders.ServiceDefaults.Health;
using Orders.ServiceDefaults.SignIn;

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
    /// Adds <c>X-As-Of</c> and <c>X-Replication-Lag</c> to every response to an authorized request,
    /// including errors: "not found" also holds as of some time.
    /// </summary>
    public static void UseFreshness(this WebApplication app) => app.Use((http, next) =>
    {
        if (http.Request.Path.StartsWithSegments(Routes, StringComparison.Ordinal))
        {
            // An unknown route is answered without a caller.
            var isEveryones = http.User.Identity?.IsAuthenticated == true && http.GetCaller().AllMerchants;
            http.RequestServices.GetRequiredService<Freshness>().Write(http.Response, isEveryones);
        }

        return next(http);
    });
}
