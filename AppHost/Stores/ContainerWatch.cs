using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orders.AppHost.Running;

namespace Orders.AppHost.Stores;

/// <summary>
/// Reports when the container runtime itself stops responding, and when it responds again: the orchestrator
/// would still show the containers' last state.
/// </summary>
/// <param name="model">Contains the containers.</param>
/// <param name="notifications">Receives their state.</param>
/// <param name="findFault">Checks the runtime: null when it responds, otherwise the reason.</param>
/// <param name="loggers">Create the log of the console.</param>
/// <param name="resourceLoggers">Create the log of each container.</param>
internal sealed partial class ContainerWatch(
    DistributedApplicationModel model, ResourceNotificationService notifications, Func<string?> findFault, ILoggerFactory loggers, ResourceLoggerService resourceLoggers) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    // The states before the outage, while the runtime is unavailable.
    private Dictionary<IResource, ResourceStateSnapshot?>? _before;

    /// <summary>
    /// Checks once. The runtime is called only when a container is unhealthy or has exited, and during an
    /// outage.
    /// </summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (_before is null && !Containers().Any(container => IsUnavailable(Snapshot(container))))
        {
            return;
        }

        var fault = await Task.Run(findFault, cancellationToken);
        if (fault is not null && _before is null)
        {
            _before = Containers().ToDictionary(container => container, container => Snapshot(container)?.State);
            await TellAsync($"The container runtime has gone away ({fault}). Start it again, then stop and start AppHost; --Engines=true needs no containers.", LogAway, _ =>
                new(KnownResourceStates.RuntimeUnhealthy, KnownResourceStateStyles.Error));
        }
        else if (fault is null && _before is { } before)
        {
            _before = null;
            await TellAsync("The container runtime answers again. What does not become healthy by itself: restart it by its command, or stop and start AppHost.", LogBack, container => before[container]);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // AppHost stops.
        }
    }

    private static bool IsUnavailable(CustomResourceSnapshot? container) =>
        container?.HealthStatus == HealthStatus.Unhealthy || container?.State?.Text is { } state && KnownResourceStates.TerminalStates.Contains(state);

    private IEnumerable<IResource> Containers() => model.Resources.OfType<ContainerResource>();

    private CustomResourceSnapshot? Snapshot(IResource container) => notifications.TryGetCurrentState(container.Name, out var current) ? current.Snapshot : null;

    private async Task TellAsync(string line, Action<ILogger, string> log, Func<IResource, ResourceStateSnapshot?> state)
    {
        log(loggers.CreateLogger("Orders.Containers"), line);
        foreach (var container in Containers())
        {
            log(resourceLoggers.GetLogger(container), line);
            await notifications.PublishUpdateAsync(container, snapshot => snapshot.WithProblem(line) with { State = state(container) });
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Line}")]
    private static partial void LogAway(ILogger logger, string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Line}")]
    private static partial void LogBack(ILogger logger, string line);
}
