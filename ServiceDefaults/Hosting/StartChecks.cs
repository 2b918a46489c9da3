using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Hosting;

/// <summary>
/// Reads all settings, then runs every <see cref="IStartCheck"/>, once. The runner calls it before the host
/// starts, because the host logs an exception at its start with a stack trace. A host that is started
/// directly (Orders.Local, tests) runs the same checks through its own life cycle.
/// </summary>
/// <param name="settings">Readers of settings.</param>
/// <param name="services">Has the checks. They are created after the settings were checked.</param>
internal sealed class StartChecks(IEnumerable<ISettingsCheck> settings, IServiceProvider services) : IHostedLifecycleService
{
    private bool _passed;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_passed)
        {
            return;
        }

        ReadSettings();
        foreach (var check in services.GetServices<IStartCheck>())
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

    private void ReadSettings()
    {
        var faults = new List<SettingsException>();
        foreach (var check in settings)
        {
            try
            {
                check.Check();
            }
            catch (SettingsException wrong)
            {
                faults.Add(wrong);
            }
            catch (Exception) when (faults is not [])
            {
                // It depends on a setting that was reported already.
            }
        }

        SettingsException.ThrowIfAny(faults);
    }
}
