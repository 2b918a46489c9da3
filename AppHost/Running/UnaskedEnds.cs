using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orders.AppHost.Running;

/// <summary>
/// Reports, in the console and as its state, a store or a service that ended without being stopped.
/// Otherwise the resources that depend on it would wait without a message.
/// </summary>
internal sealed partial class UnaskedEnds(
    DistributedApplicationModel model, ResourceNotificationService notifications, ResourceLoggerService logs, ILoggerFactory loggers, IHostApplicationLifetime lifetime)
    : BackgroundService
{
    // Resources that, since their last start, were asked to stop or whose end was reported.
    private readonly HashSet<string> _settled = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watched = model.Services().Concat(model.Resources.OfType<ProgramResource>()).ToHashSet();
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                if (watched.Contains(change.Resource) && HasEnded(change) && !lifetime.ApplicationStopping.IsCancellationRequested)
                {
                    await TellAsync(change);
                }
                else if (change.Snapshot.State?.Text == KnownResourceStates.Running && ResourceProblem.Of(change.Snapshot) is not null)
                {
                    // It was started again.
                    await notifications.PublishUpdateAsync(change.Resource, change.ResourceId, snapshot => snapshot.WithoutProblem());
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // AppHost stops.
        }
    }

    private bool HasEnded(ResourceEvent change)
    {
        switch (change.Snapshot.State?.Text)
        {
            case { } state when state == KnownResourceStates.Running || state == KnownResourceStates.Starting:
                _settled.Remove(change.ResourceId);
                return false;
            case { } state when state == KnownResourceStates.Stopping:
                _settled.Add(change.ResourceId);
                return false;
            case { } state when KnownResourceStates.TerminalStates.Contains(state):
                // A resource that could not be started already has a problem, which was reported where it
                // was found.
                return _settled.Add(change.ResourceId) && ResourceProblem.Of(change.Snapshot) is null;
            default:
                return false;
        }
    }

    private async Task TellAsync(ResourceEvent change)
    {
        var how = change.Snapshot.ExitCode is { } code ? $"ended with exit code {code}" : "could not be started";
        var said = await LastError.ReadAsync(logs, change.Resource) is { } error ? $": {error.TrimEnd('.')}" : "";
        var wayOut = (change.Resource as ProgramResource)?.IfDamaged is { Length: > 0 } damaged ? $"{damaged} " : "";
        var line = $"{change.Resource.Name} {how}{said}. {wayOut}Its log is in the dashboard, and there it can be started again.";
        LogEnd(loggers.CreateLogger($"Orders.{change.Resource.Name}"), line);
        await notifications.PublishUpdateAsync(change.Resource, change.ResourceId, snapshot =>
            KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text ?? "")
                ? snapshot.WithProblem(line) with { State = new(KnownResourceStates.Exited, KnownResourceStateStyles.Error) }
                : snapshot);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Line}")]
    private static partial void LogEnd(ILogger logger, string line);
}
