using Microsoft.Extensions.Hosting;

namespace Orders.AppHost.Running;

/// <summary>
/// Makes a stop orderly that comes while AppHost is still starting. The host then breaks its start off and
/// asks no hosted service to stop, and the orchestrator would end the stores together with the services.
/// </summary>
internal sealed class StopDuringStart(
    OrderlyStop stop, BeforeOrchestrator orchestrator, DistributedApplicationModel model, ResourceNotificationService notifications, IHostApplicationLifetime lifetime)
    : IHostedService
{
    // What Aspire itself gives an orchestrator that was not started yet, as the host is disposed of: ten
    // seconds, waited for in vain.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // It is called before the host breaks its start off: what registers last is called first.
        lifetime.ApplicationStopping.Register(StopIfStarting);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // What comes after this callback ends everything, so it takes its time on the thread of the signal.
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

    // An orchestrator that runs is ended at once: its first process, the dashboard, shows that it does.
    private async Task OrchestratedAsync()
    {
        for (var waited = TimeSpan.Zero; waited < Patience && !model.Resources.Any(resource => ResourceProcess.Of(notifications, resource) is not null); waited += Pause)
        {
            await Task.Delay(Pause);
        }
    }
}
