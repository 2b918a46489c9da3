using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Orders.ServiceDefaults.Stores;

namespace Orders.Query.Reading;

/// <summary>
/// Checks that the tables exist: the service may start before Orders.Sync has created them.
/// </summary>
internal sealed class ReadModelHealthCheck(ReadModel readModel) : IHealthCheck
{
    private const string Sql =
        """
        SELECT bool_and(to_regclass(name) IS NOT NULL)
          FROM unnest(ARRAY['orders', 'order_items', 'sync.shards', 'sync.tombstones', 'sync.cache_repairs', 'sync.dead_letters', 'sync.gaps']) AS name
        """;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await readModel.ReadAsync(AskAsync, cancellationToken) is true
                ? HealthCheckResult.Healthy("is there")
                : new(context.Registration.FailureStatus, ReadModelFaults.NotThereYet);
        }
        catch (Exception failure) when (ReadModelFaults.Explain(failure) is not null)
        {
            return new(context.Registration.FailureStatus, PostgresFaults.Describe(failure) ?? "cannot be asked");
        }
    }

    private static async Task<object?> AskAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
