using Microsoft.Extensions.Hosting;

namespace Orders.AppHost.Running;

/// <summary>
/// Makes a stop orderly that comes while AppHost is still starting. The host then breaks its start off and asks no hosted service to stop, and the orchestrator
/// would end the stores together with the services.
/// </summary>
internal sealed class StopDuringStart(OrderlyStop stop, IHostApplicationLifetime lifetime) : IHostedService
{
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

        using var stopped = new ManualResetEventSlim();
        _ = Task.Run(async () =>
        {
            try
            {
                await stop.StopAsync(CancellationToken.None);
            }
            finally
            {
                stopped.Set();
            }
        });
        stopped.Wait();
    }
}
