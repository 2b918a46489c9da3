using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Orders.ServiceDefaults.Hosting;

namespace Orders.ServiceDefaults.Health;

/// <summary>
/// Not ready before the stores that the service needs to begin have answered, nor from the moment it is
/// asked to stop.
/// </summary>
internal sealed class StartedCheck(IHostApplicationLifetime lifetime, StartChecks checks) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("stopping")
            : checks.HavePassed ? HealthCheckResult.Healthy("running")
            : HealthCheckResult.Unhealthy(checks.WaitsFor is { } store ? $"starting: {store} does not answer" : "starting"));
}
