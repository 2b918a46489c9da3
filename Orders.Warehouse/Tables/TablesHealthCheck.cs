using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Orders.ServiceDefaults.Stores;

namespace Orders.Warehouse.Tables;

/// <summary>Checks that the tables that SQL owns are read, by this instance or by another.</summary>
internal sealed class TablesHealthCheck(NpgsqlDataSource database, TablesState state, TableSet tables, TablesStatusReader reader, TimeProvider time) : IHealthCheck
{
    // Shorter than the platform's limit, whose cancellation would wait for Postgres again.
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(1_500);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (tables.IsEmpty)
        {
            return HealthCheckResult.Healthy(state.Phase);
        }

        try
        {
            return Judge(state.Problem, state.Phase, await database.LookAsync(reader.ReadAsync, Limit, time, cancellationToken));
        }
        catch (Exception failed) when (PostgresFaults.IsNoAnswer(failed))
        {
            return state.Problem is { } problem ? Judge(problem, state.Phase, status: null) : HealthCheckResult.Unhealthy("Postgres does not say how the replication slot is");
        }
    }

    /// <summary>
    /// Decides; a pure function. Lag alone is no fault, nor is a snapshot that takes long.
    /// </summary>
    internal static HealthCheckResult Judge((string Text, TimeSpan For)? problem, string phase, TablesStatus? status) =>
        (problem?.Text ?? status?.Problem) is { } known ? HealthCheckResult.Unhealthy($"the SQL tables are not read: {known}")
        : status?.Tables.FirstOrDefault(table => table.State == TableState.Refused) is { } refused ? HealthCheckResult.Degraded(refused.Reason)
        : status is { Gaps.Open: > 0 } ? HealthCheckResult.Degraded($"the slot had lost changes ({status.Gaps.LastReason}), and the snapshot that heals it is not done")
        : HealthCheckResult.Healthy(phase);
}
