using Orders.Api;
using Orders.Engines;
using Orders.Query;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Telemetry;
using Orders.Sync;
using Orders.Warehouse;

namespace Orders.Local.Run;

/// <summary>
/// The four services in this process, with the addresses of the engines. They get no settings that they
/// would not get in AWS.
/// </summary>
internal sealed class Services : IAsyncDisposable
{
    private readonly TelemetryHost _telemetry;

    private Services(LocalSettings settings, TelemetryHost telemetry)
    {
        _telemetry = telemetry;
        Api = new("Orders.Api", "--api-port", settings.ApiPort, ApiHost.Build);
        Sync = new("Orders.Sync", "--sync-port", settings.SyncPort, SyncHost.Build);
        Query = new("Orders.Query", "--query-port", settings.QueryPort, QueryHost.Build);
        Warehouse = new("Orders.Warehouse", "--warehouse-port", settings.WarehousePort, WarehouseHost.Build);
    }

    public Service Api { get; }

    public Service Sync { get; }

    public Service Query { get; }

    public Service Warehouse { get; }

    public IReadOnlyList<Service> All => [Api, Sync, Query, Warehouse];

    /// <param name="settings">The ports, and the log level.</param>
    /// <param name="lake">The folder of the lake.</param>
    /// <param name="engines">The addresses of the stores.</param>
    /// <param name="collector">The endpoint for telemetry; null for the one in the environment, if
    /// any.</param>
    /// <param name="progress">Receives the start of each service.</param>
    /// <param name="cancellationToken">Cancels the start, and stops the services that were started.</param>
    /// <exception cref="EngineException">One cannot start.</exception>
    public static async Task<Services> StartAsync(
        LocalSettings settings, string lake, EngineAddresses engines, Uri? collector, IProgress<EngineStep> progress, CancellationToken cancellationToken)
    {
        var shared = ServiceSettings.From(settings, lake, engines, collector);
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddInMemoryCollection(shared).Build();
        var services = new Services(settings, StartTelemetry(configuration));
        try
        {
            await Task.WhenAll(services.All.Select(service => Task.Run(() => service.Build(shared), cancellationToken)));
            // The order in which the tables are created: the Api creates the DynamoDB table, Sync the read
            // model, Query only reads. The warehouse has tables of its own.
            foreach (var service in services.All)
            {
                var step = new Step(progress, service.Name, "start");
                await service.StartAsync(cancellationToken);
                step.Done(service.Address.Authority);
                if (service == services.Api)
                {
                    services.Query.Set("Console:ApiUrl", service.Address.AbsoluteUri);
                }
            }

            return services;
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    private static TelemetryHost StartTelemetry(IConfiguration configuration)
    {
        try
        {
            return TelemetryHost.Start(configuration, "orders-local");
        }
        catch (SettingsException setting)
        {
            throw new EngineException($"Telemetry does not start: {setting.Setting}: {setting.Problem.TrimEnd('.')}", setting.WayOut, inner: setting);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(All.Select(service => service.DisposeAsync().AsTask()));
        _telemetry.Dispose();
    }
}
