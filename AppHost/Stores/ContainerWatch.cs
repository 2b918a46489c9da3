using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orders.AppHost.Running;

namespace Orders.AppHost.Stores;

/// <summary>
/// Tells when the container runtime itself has gone away, and when it answers again: the orchestrator goes
/// on showing its containers as they were last.
/// </summary>
/// <param name="model">Has the containers.</param>
/// <param name="notifications">Takes their state.</param>
/// <param name="findFault">Asks the runtime: null when it answers, else why not.</param>
/// <param name="loggers">Make the log of the console.</param>
/// <param name="resourceLoggers">Make the log of each container.</param>
internal sealed partial class ContainerWatch(
    DistributedApplicationModel model, ResourceNotificationService notifications, Func<string?> findFault, ILoggerFactory loggers, ResourceLoggerService resourceLoggers) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    // The states of before, while the runtime is away.
    private Dictionary<IResource, ResourceStateSnapshot?>? _before;

    /// <summary>
    /// Looks once. The runtime is asked only when a container is unhealthy or has exited, and while the
    /// runtime is away.
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
            // The end.
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
