using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Orders.ServiceDefaults;

/// <summary>Whether Postgres answers.</summary>
/// <param name="postgres">What <see cref="PostgresSetup.AddPostgres"/> added.</param>
public sealed class PostgresCheck(NpgsqlDataSource postgres) : IHealthCheck
{
    /// <summary>How long it may take.</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            await using var command = postgres.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(limit.Token);
            return HealthCheckResult.Healthy("answers");
        }
        catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new(context.Registration.FailureStatus, "does not answer");
        }
    }
}
