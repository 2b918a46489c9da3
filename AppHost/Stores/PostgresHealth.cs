using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Orders.AppHost.Stores;

/// <summary>
/// Checks whether Postgres accepts connections. Each check opens a connection of its own: a pooled one would
/// stay open and delay the server's graceful shutdown.
/// </summary>
/// <param name="postgres">The server.</param>
internal sealed class PostgresHealth(IResourceWithConnectionString postgres) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var server = new NpgsqlConnectionStringBuilder(await postgres.GetConnectionStringAsync(cancellationToken)) { Database = "postgres", Pooling = false, Timeout = 5 };
            await using var connection = new NpgsqlConnection(server.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception failure) when (failure is NpgsqlException or ArgumentException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy(failure.Message, failure);
        }
    }
}
