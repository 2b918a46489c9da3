using Microsoft.Extensions.Hosting;

namespace Orders.ServiceDefaults.Hosting;

/// <summary>Runs a worker from the moment when every <see cref="IStartCheck"/> has passed.</summary>
/// <param name="worker">The worker.</param>
/// <param name="checks">The checks; null in a host without them.</param>
internal sealed class AfterStart<TWorker>(TWorker worker, StartChecks? checks) : BackgroundService
    where TWorker : BackgroundService
{
    /// <summary>Its worker.</summary>
    public TWorker Worker => worker;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await worker.StopAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (checks is not null)
        {
            await checks.Passed.WaitAsync(stoppingToken);
        }

        await worker.StartAsync(stoppingToken);
        await (worker.ExecuteTask ?? Task.CompletedTask);
    }
}
