using Orders.Local.Cli;
using Orders.Local.Dashboard;
using Orders.Local.Engines;

namespace Orders.Local.Run;

/// <summary>The processes below the services: the engines and, where it is wanted, the dashboard. They are started and stopped side by side.</summary>
internal sealed class Machines : IAsyncDisposable
{
    private Machines(EngineSet engines, AspireDashboard? dashboard) => (Engines, Dashboard) = (engines, dashboard);

    public EngineSet Engines { get; }

    public AspireDashboard? Dashboard { get; }

    public static async Task<Machines> StartAsync(DataFolder data, LocalSettings settings, Screen screen, CancellationToken cancellationToken)
    {
        var options = new EngineOptions { Durable = !settings.Ephemeral };
        var starting = settings.Dashboard ? AspireDashboard.StartAsync(data, options, screen, cancellationToken) : null;
        EngineSet? engines = null;
        try
        {
            engines = await EngineSet.StartAsync(data, options, screen, cancellationToken);
            return new(engines, starting is null ? null : await starting);
        }
        catch
        {
            if (engines is not null)
                await engines.DisposeAsync();
            if (starting is not null)
                await StopAsync(starting);
            throw;
        }
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(Engines.DisposeAsync().AsTask(), Dashboard?.DisposeAsync().AsTask() ?? Task.CompletedTask);

    private static async Task StopAsync(Task<AspireDashboard> starting)
    {
        await ((Task)starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (starting.IsCompletedSuccessfully)
            await (await starting).DisposeAsync();
    }
}
