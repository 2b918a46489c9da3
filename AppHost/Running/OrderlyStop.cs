using Microsoft.Extensions.Hosting;

namespace Orders.AppHost.Running;

/// <summary>
/// Graceful shutdown: stops the services first, so that they release their stores. Only then does the
/// orchestrator stop everything else at once.
/// </summary>
internal sealed class OrderlyStop(
    DistributedApplicationModel model, ResourceCommandService commands, ResourceNotificationService notifications, QuietEnd quietEnd)
    : IHostedService
{
    /// <summary>The message when services did not stop in time.</summary>
    public const string Late = "Some services have not stopped yet; the stores go now.";

    // Usually it takes two seconds. A busy machine gets more time: if a store stops first, its services
    // cannot finish their work.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    // A service that is just being started has no process to stop yet.
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // The host prints nothing itself, and the stop can take long on a busy machine.
        Say("Stopping the services, then their stores ...");
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Bound);
        Task stopping = Task.WhenAll(model.Services().Select(service => StopAsync(service, bound.Token)));
        await stopping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (bound.IsCancellationRequested)
        {
            Say(Late);
        }

        quietEnd.Begin();
    }

    // A service that waits for its stores has nothing to release, and the command to stop it would wait too.
    private async Task StopAsync(IResource service, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; waited < StartBound && IsBeingStarted(service); waited += Pause)
        {
            await Task.Delay(Pause, cancellationToken);
        }

        if (ResourceProcess.Of(notifications, service) is not null)
        {
            await commands.ExecuteCommandAsync(service, KnownResourceCommands.StopCommand, cancellationToken);
        }
    }

    private bool IsBeingStarted(IResource service) =>
        ResourceProcess.Of(notifications, service) is null
        && notifications.TryGetCurrentState(service.Name, out var current)
        && current.Snapshot.State?.Text == KnownResourceStates.Starting;

    // The terminal may be closed.
    private static void Say(string line)
    {
        try
        {
            Console.WriteLine(line);
        }
        catch (IOException)
        {
            // No terminal to write to.
        }
    }
}
