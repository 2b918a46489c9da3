using Microsoft.Extensions.Hosting;

namespace Orders.AppHost.Running;

/// <summary>
/// Makes a stop graceful while AppHost is still starting. The host would cancel its start without stopping
/// the hosted services, and the orchestrator would stop the stores and the services at once.
/// </summary>
internal sealed class StopDuringStart(
    OrderlyStop stop, BeforeOrchestrator orchestrator, DistributedApplicationModel model, ResourceNotificationService notifications, IHostApplicationLifetime lifetime)
    : IHostedService
{
    // When the host is disposed, Aspire waits ten seconds in vain for an orchestrator that was not started.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Runs before the host cancels its start: callbacks run in reverse order of registration.
        lifetime.ApplicationStopping.Register(StopIfStarting);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // After this callback everything ends, so it blocks the thread of the signal until the services have
    // stopped.
    private void StopIfStarting()
    {
        if (lifetime.ApplicationStarted.IsCancellationRequested)
        {
            return;
        }

        orchestrator.ExitIfNotBegun();
        using var stopped = new ManualResetEventSlim();
        _ = Task.Run(async () =>
        {
            try
            {
                await OrchestratedAsync();
                await stop.StopAsync(CancellationToken.None);
            }
            finally
            {
                stopped.Set();
            }
        });
        stopped.Wait();
    }

    // Waits until the orchestrator runs, because only then does it end without a delay. Its first process,
    // the dashboard, shows that it runs.
    private async Task OrchestratedAsync()
    {
        for (var waited = TimeSpan.Zero; waited < Patience && !model.Resources.Any(resource => ResourceProcess.Of(notifications, resource) is not null); waited += Pause)
        {
            await Task.Delay(Pause);
        }
    }
}
