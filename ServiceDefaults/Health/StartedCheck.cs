using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orders.ServiceDefaults.Hosting;

namespace Orders.ServiceDefaults.Health;

/// <summary>Not ready before the stores that the service needs to begin have answered.</summary>
internal sealed class StartedCheck(StartChecks checks) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(checks.HavePassed ? HealthCheckResult.Healthy("running")
            : HealthCheckResult.Unhealthy(checks.WaitsFor is { } store ? $"starting: {store} does not answer" : "starting"));
}
