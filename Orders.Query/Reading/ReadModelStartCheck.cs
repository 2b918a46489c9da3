using Npgsql;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;

namespace Orders.Query.Reading;

/// <summary>
/// Refuses a database that is set up wrongly. One that is away, or has no tables yet, is no reason not to
/// start: what is cached can be read meanwhile.
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
        catch (Exception away) when (away is NpgsqlException or TimeoutException)
        {
            // As said above.
        }
    }

    private static async Task<SettingsException?> FindFaultAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await PostgresRequirements.FindFaultAsync(connection, cancellationToken) ?? await PostgresRights.FindFaultAsync(connection, writes: false, cancellationToken);
}
