using Microsoft.Extensions.Hosting;

namespace Orders.ServiceDefaults;

/// <summary>
/// Runs every <see cref="IStartCheck"/> once. The runner calls it before the host starts, since the host logs whatever its start throws
/// with a stack trace; a host that is started directly (Orders.Local, tests) gets the same checks through its own life cycle.
/// </summary>
internal sealed class StartChecks(IEnumerable<IStartCheck> checks) : IHostedLifecycleService
{
    private bool _passed;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_passed)
        {
            return;
        }

        foreach (var check in checks)
        {
            await check.CheckAsync(cancellationToken);
        }

        _passed = true;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
