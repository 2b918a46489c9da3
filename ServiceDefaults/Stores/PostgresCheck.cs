using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Orders.ServiceDefaults;

/// <summary>Whether Postgres answers.</summary>
/// <param name="postgres">What <see cref="PostgresSetup.AddPostgres"/> added.</param>
public sealed class PostgresCheck(NpgsqlDataSource postgres) : IHealthCheck
{
    /// <summary>How long it may take; the platform ends it then.</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = postgres.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy("answers");
        }
        catch (NpgsqlException)
        {
            return new(context.Registration.FailureStatus, "does not answer");
        }
    }
}
