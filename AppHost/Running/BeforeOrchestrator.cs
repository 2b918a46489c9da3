using Microsoft.Extensions.Hosting;

namespace Orders.AppHost.Running;

/// <summary>
/// Ends a start that is stopped before the orchestrator begins. Nothing runs yet, but when Aspire is
/// disposed it would wait ten seconds for an orchestrator that never comes.
/// </summary>
internal sealed class BeforeOrchestrator : IHostedService
{
    private readonly Lock _gate = new();
    private bool _begun;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _begun = true;
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Ends this process, unless the orchestrator has begun. The orchestrator cannot begin during this call.
    /// </summary>
    public void ExitIfNotBegun()
    {
        lock (_gate)
        {
            if (!_begun)
            {
                Environment.Exit(0);
            }
        }
    }
}
