using Orders.Engines;
using Orders.Engines.Data;
using Orders.Engines.Npm;
using Orders.Local.Cli;
using Orders.Local.Dashboard;
using Orders.Local.Gateway;

namespace Orders.Local.Run;

/// <summary>
/// The processes that the services need: the engines and, if wanted, the dashboard. They start and stop in
/// parallel. Meanwhile the gateway is prepared; it starts after the services.
/// </summary>
internal sealed class Machines : IAsyncDisposable
{
    private Machines(EngineSet engines, AspireDashboard? dashboard, NodeProgram? gateway) => (Engines, Dashboard, Gateway) = (engines, dashboard, gateway);

    public EngineSet Engines { get; }

    public AspireDashboard? Dashboard { get; }

    /// <summary>Null without Node.</summary>
    public NodeProgram? Gateway { get; }

    public static async Task<Machines> StartAsync(DataFolder data, LocalSettings settings, Screen screen, CancellationToken cancellationToken)
    {
        var options = new EngineOptions { Durable = !settings.Ephemeral };
        var starting = settings.Dashboard ? AspireDashboard.StartAsync(data, options, screen, cancellationToken) : null;
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var gateway = GatewayProgram.FindAsync(options, screen, failed.Token);
        EngineSet? engines = null;
        try
        {
            engines = await EngineSet.StartAsync(data, options, screen, cancellationToken);
            return new(engines, starting is null ? null : await starting, await gateway);
        }
        catch
        {
            await failed.CancelAsync();
            await ((Task)gateway).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (engines is not null)
            {
                await engines.DisposeAsync();
            }

            if (starting is not null)
            {
                await StopAsync(starting);
            }

            throw;
        }
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(Engines.DisposeAsync().AsTask(), Dashboard?.DisposeAsync().AsTask() ?? Task.CompletedTask);

    private static async Task StopAsync(Task<AspireDashboard> starting)
    {
        await ((Task)starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (starting.IsCompletedSuccessfully)
        {
            await (await starting).DisposeAsync();
        }
    }
}
