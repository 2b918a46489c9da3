using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Orders.AppHost.Stores;
using Orders.Engines.Processes;

namespace Orders.AppHost.Running;

/// <summary>
/// Watches the programs. It records the engines' processes, so that the first start after a kill finds the
/// ones left, and shows a name in the dashboard instead of a command line.
/// </summary>
internal sealed class ProgramWatch(Home home, ResourceNotificationService notifications) : BackgroundService
{
    private const string Path = "executable.path";
    private const string Arguments = "resource.appArgs";
    private const string Source = "resource.source";

    private readonly Dictionary<string, int> _processes = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                if (change.Resource is not ProgramResource program)
                {
                    continue;
                }

                if (program is EngineResource)
                {
                    Record(program, change.Snapshot);
                }

                await NameAsync(program, change);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // AppHost stops.
        }
    }

    private void Record(ProgramResource engine, CustomResourceSnapshot snapshot)
    {
        if (ResourceProcess.Of(snapshot) is not { } pid)
        {
            return;
        }

        if (_processes.GetValueOrDefault(engine.Name) != pid && ProcessIdentity.Of(pid, engine.Program ?? "", engine.User, engine.Mark) is { } process)
        {
            _processes[engine.Name] = pid;
            home.Data.Processes.Add(process);
        }
    }

    // The orchestrator rewrites path and arguments with each change, so the name is set again after each.
    private async Task NameAsync(ProgramResource program, ResourceEvent change)
    {
        if (program.Source.Length > 0 && change.Snapshot.Properties.Any(property => property.Name == Path))
        {
            await notifications.PublishUpdateAsync(program, change.ResourceId, snapshot => snapshot with
            {
                Properties =
                [
                    .. snapshot.Properties.Where(property => property.Name is not (Path or Arguments or Source)),
                    new ResourcePropertySnapshot(Source, program.Source),
                    new ResourcePropertySnapshot(Arguments, ImmutableArray<string>.Empty),
                ],
            });
        }
    }
}
