using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.Health;

namespace Orders.ServiceDefaults.CrossSite;

/// <summary>
/// Refuses requests for other hosts: a foreign page whose name is made to lead here (DNS rebinding) would be
/// of the same origin as this service. Health checks are free, since load balancers ask by address.
/// </summary>
internal static class HostGuard
{
    public static void UseHostGuard(this WebApplication app) => app.Use((context, next) =>
        context.RequestServices.GetRequiredService<AllowedHosts>().Allow(context.Request.Host) || context.Request.Path.StartsWithSegments(HealthSetup.Prefix, StringComparison.Ordinal)
            ? next(context)
            : Problems.BadRequest("This service has another name. The setting Orders__Http__AllowedHosts has those that it answers to.").ExecuteAsync(context));
}
