using Microsoft.Extensions.Hosting;

namespace Orders.AppHost.Running;

/// <summary>
/// Stops the services before the orchestrator stops everything at once, so that they let go of their stores
/// first.
/// </summary>
internal sealed class OrderlyStop(
    DistributedApplicationModel model, ResourceCommandService commands, ResourceNotificationService notifications, QuietEnd quietEnd)
    : IHostedService
{
    /// <summary>What is said of services that did not stop in time.</summary>
    public const string Late = "Some services have not stopped yet; the stores go now.";

    // Two seconds are usual. A busy machine gets its time: a store that goes first leaves its services with
    // work in their hands.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    // One that is just being started has no process yet that could be stopped.
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // The host says nothing by itself, and a busy machine takes its time.
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

    // One that waits for its stores has nothing to let go of, and a command to stop it would wait with it.
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
            // Nobody reads it.
        }
    }
}
