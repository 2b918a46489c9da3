using System.Diagnostics;
using Orders.Engines;
using Orders.Engines.Data;
using Orders.Engines.Npm;
using Orders.Local.Cli;
using Orders.Local.Demo;
using Orders.Local.Gateway;

namespace Orders.Local.Run;

/// <summary>A run: from the command line to Ready, and through the shutdown.</summary>
internal sealed class LocalRun(LocalSettings settings, Screen screen)
{
    // On some systems the engines also get the Ctrl-C, and end. When an engine has ended, wait a moment for
    // our own signal before that counts as a failure.
    private static readonly TimeSpan SignalPatience = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Runs until the stop. The exit code is 0 after a graceful shutdown, and 1 when it could not start or a
    /// required part ended.
    /// </summary>
    public async Task<int> RunAsync()
    {
        using var signals = new StopSignals();
        try
        {
            await RunAsync(signals.Token);
            return 0;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            screen.Line("Stopped.");
            return 0;
        }
        catch (EngineException failure)
        {
            screen.Fail(failure);
            return 1;
        }
    }

    private async Task RunAsync(CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        TemporaryFolder.Check();
        CacheFolder.Check();
        using var home = await DataFolder.OpenAsync(settings.DataFolder, stop);
        EndpointsFile.Clear(home);
        ServicePorts.Check(settings);
        using var temporary = settings.Ephemeral ? await DataFolder.OpenTemporaryAsync(stop) : null;
        await using var machines = await Machines.StartAsync(temporary ?? home, settings, screen, stop);
        var lake = (temporary ?? home).In("lake");
        await using var services = await Services.StartAsync(settings, lake, machines.Engines.Addresses, machines.Dashboard?.Collector, screen, stop);
        await using var gateway = await GatewayProcess.StartAsync(
            machines.Gateway, temporary ?? home, settings.GraphQLPort, services.Query.Address, screen, stop);
        var endpoints = EndpointsOf(services, gateway, machines.Engines.Addresses, lake);
        using var file = EndpointsFile.Write(home, endpoints);
        Summary.Show(screen, endpoints, machines.Dashboard?.Page, Stopwatch.GetElapsedTime(began));
        await WatchAsync(machines.Engines, services, gateway, stop);
    }

    private async Task WatchAsync(EngineSet engines, Services services, GatewayProcess? gateway, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        List<Task> watched = [engines.WatchAsync(screen, ended.Token), .. services.All.Select(service => service.WatchAsync(ended.Token))];
        if (gateway is not null)
        {
            watched.Add(gateway.WatchAsync(screen, ended.Token));
        }

        using var demo = settings.Demo > 0 ? new DemoTraffic(services.Api.Address, settings.Demo, screen) : null;
        if (demo is not null)
        {
            watched.Add(demo.RunAsync(ended.Token));
        }

        try
        {
            var first = await Task.WhenAny(watched);
            await Task.Delay(SignalPatience, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stop.ThrowIfCancellationRequested();
            await first;
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(watched).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static Endpoints EndpointsOf(Services services, GatewayProcess? gateway, EngineAddresses engines, string lake) => new()
    {
        Pid = Environment.ProcessId,
        StartedAt = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ"),
        Postgres = engines.Postgres,
        Redis = engines.Redis,
        DynamoDb = engines.DynamoDb,
        Api = services.Api.Address.OriginalString,
        Query = services.Query.Address.OriginalString,
        Sync = services.Sync.Address.OriginalString,
        GraphQL = gateway?.Address.OriginalString,
        Warehouse = services.Warehouse.Address.OriginalString,
        Lake = lake,
    };
}
