using System.Globalization;
using Microsoft.Extensions.Hosting;
using Orders.AppHost.Stores;
using Orders.Engines.Processes;

namespace Orders.AppHost.Running;

/// <summary>
/// Follows the engines: records their processes, so that the start after a kill finds those that are left, and turns the stop of Postgres into a fast one.
/// </summary>
internal sealed class EngineWatch(Home home, ResourceNotificationService notifications) : BackgroundService
{
    private readonly Dictionary<string, int> _processes = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                if (change.Resource is EngineResource engine)
                {
                    Follow(engine, change.Snapshot);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    private void Follow(EngineResource engine, CustomResourceSnapshot snapshot)
    {
        var name = engine.Name;
        if (snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } value)
        {
            var pid = Convert.ToInt32(value, CultureInfo.InvariantCulture);
            if (_processes.GetValueOrDefault(name) != pid && ProcessIdentity.Of(pid, engine.Program ?? "") is { } process)
            {
                _processes[name] = pid;
                home.Data.Processes.Add(process);
            }
        }

        // The orchestrator sends SIGTERM, at which Postgres waits for its clients; SIGINT on top of it ends their sessions.
        if (name == "postgres" && snapshot.State?.Text == KnownResourceStates.Stopping && _processes.TryGetValue(name, out var postgres))
        {
            ProcessSignals.Send(postgres, Native.Interrupt);
        }
    }
}
