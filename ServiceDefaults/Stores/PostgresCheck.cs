using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Orders.ServiceDefaults.Stores;

/// <summary>Checks that Postgres answers and is set up correctly.</summary>
/// <param name="postgres">The data source from <see cref="PostgresSetup.AddPostgres"/>.</param>
/// <param name="time">The clock of the limit.</param>
public sealed class PostgresCheck(NpgsqlDataSource postgres, TimeProvider time) : IHealthCheck
{
    // Shorter than the platform's limit, whose cancellation would wait for Postgres again.
    private static readonly TimeSpan LookLimit = TimeSpan.FromMilliseconds(1_500);

    /// <summary>The time limit; the platform cancels the check then.</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await postgres.LookAsync(PostgresRequirements.FindFaultAsync, LookLimit, time, cancellationToken) is { } fault
                ? new(context.Registration.FailureStatus, fault.Problem)
                : HealthCheckResult.Healthy("answers");
        }
        catch (ReadOnlySessionException)
        {
            return new(context.Registration.FailureStatus, "lets this service only read");
        }
        catch (Exception failure) when (PostgresFaults.IsNoAnswer(failure))
        {
            return new(context.Registration.FailureStatus, PostgresFaults.Describe(failure) ?? "does not answer");
        }
    }
}
