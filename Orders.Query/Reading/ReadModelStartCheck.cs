using Npgsql;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;

namespace Orders.Query.Reading;

/// <summary>
/// Stops the start for a database that is set up wrongly. An unavailable database, or one without tables,
/// does not stop the start: cached orders can be read meanwhile.
/// </summary>
internal sealed class ReadModelStartCheck(NpgsqlDataSource postgres, TimeProvider time) : IStartCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await postgres.LookAsync(FindFaultAsync, Limit, time, cancellationToken) is { } fault)
            {
                throw fault;
            }
        }
        catch (NpgsqlException refused) when (PostgresFaults.Describe(refused) is not null)
        {
            throw PostgresFaults.Explain(refused)!;
        }
        catch (Exception away) when (PostgresFaults.IsNoAnswer(away))
        {
            // An unavailable database does not stop the start.
        }
    }

    private static async Task<SettingsException?> FindFaultAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await PostgresRequirements.FindFaultAsync(connection, cancellationToken) ?? await PostgresRights.FindFaultAsync(connection, writes: false, cancellationToken);
}
