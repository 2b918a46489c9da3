using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// Checks that Redis answers and is set up correctly. If not: degraded, since everything still works, only
/// slower.
/// </summary>
/// <param name="redis">The client from <see cref="RedisSetup.AddRedis"/>.</param>
public sealed class RedisCheck(IRedis redis) : IHealthCheck
{
    /// <summary>How long it may take.</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!redis.IsConfigured)
        {
            return HealthCheckResult.Healthy("not configured");
        }

        var look = await redis.FindFaultAsync(cancellationToken);
        return look switch
        {
            { Answered: false } => HealthCheckResult.Degraded("does not answer: the service goes on without it"),
            { Value: { } fault } => HealthCheckResult.Degraded($"{fault}: the service goes on without it"),
            _ => HealthCheckResult.Healthy("answers"),
        };
    }
}
