using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Orders.ServiceDefaults.Health;

internal static class HealthSetup
{
    public const string Prefix = "/health";

    public static void AddDefaultHealthChecks(this WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddCheck<StartedCheck>("process", tags: [HealthTags.Ready]);
        builder.Services.AddSingleton<Readiness>();
    }

    public static void MapHealth(this WebApplication app)
    {
        var health = app.MapGroup(Prefix).AllowAnonymous().DisableRateLimiting().ExcludeFromDescription();
        health.MapGet("/live", () => HealthAnswer.Live());
        health.MapGet("/ready", async (Readiness readiness, CancellationToken cancellation) => HealthAnswer.Of(await readiness.ReadAsync(cancellation)));
    }
}
