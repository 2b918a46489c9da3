using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orders.Query.Settings;

namespace Orders.Query.Freshness;

/// <summary>
/// Checks that the read model is current. If not, the service is degraded but stays ready: the data is old
/// on each instance, every response says so, and an instance that is taken out serves nothing.
/// </summary>
internal sealed class FreshnessCheck(Freshness freshness, QuerySettings settings) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(freshness.Lag switch
    {
        null => HealthCheckResult.Degraded("nothing has followed the stream yet, or it is not known: see Orders.Sync"),
        { } lag when lag >= settings.LagThreshold => HealthCheckResult.Degraded($"everything was last known to be here {lag.TotalSeconds:0} s ago: see Orders.Sync"),
        _ => HealthCheckResult.Healthy("current"),
    });
}
