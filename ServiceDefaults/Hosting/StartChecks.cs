using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Hosting;

/// <summary>
/// Reads all settings, then runs every <see cref="IStartCheck"/>, once. The runner calls it before the host
/// starts, because the host logs an exception at its start with a stack trace. A host that is started
/// directly (Orders.Local, tests) runs the same checks through its own life cycle. When a store is away, the
/// service starts all the same, and the checks go on in the background: until they pass it is not ready, and
/// its workers (<see cref="WorkerSetup.AddWorker"/>) wait.
/// </summary>
/// <param name="settings">Readers of settings.</param>
/// <param name="services">Has the checks. They are created after the settings were checked.</param>
/// <param name="lifetime">Stopped when a check finds later that the service may not run.</param>
/// <param name="time">The clock of waits.</param>
/// <param name="logger">Says what is waited for.</param>
internal sealed partial class StartChecks(
    IEnumerable<ISettingsCheck> settings, IServiceProvider services, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<StartChecks> logger) : IHostedLifecycleService, IDisposable
{
    // A platform ends a process that says for long that it does not live: a migration, or a slow store, may
    // take longer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(250);

    private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _disposed = new();
    private bool _began;
    private volatile StoreAwayException? _away;

    /// <summary>Completes when all have passed.</summary>
    public Task Passed => _passed.Task;

    /// <summary>Whether all have passed.</summary>
    public bool HavePassed => _passed.Task.IsCompleted;

    /// <summary>The name of the store that is waited for; null when none is.</summary>
    public string? WaitsFor => HavePassed ? null : _away?.Store;

    /// <summary>Why the service had to stop after its start; null when it had not to.</summary>
    public SettingsException? Refusal { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_began)
        {
            return;
        }

        ReadSettings();
        var left = new Queue<IStartCheck>(services.GetServices<IStartCheck>());
        var over = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, _disposed.Token);
        using var given = cancellationToken.UnsafeRegister(_ => over.Cancel(), state: null);
        var first = TryAsync(left, over.Token);
        var isSettled = await Task.WhenAny(first, Task.Delay(Patience, time, over.Token)) == first;
        if (isSettled && await first)
        {
            over.Dispose();
        }
        else
        {
            _ = GoOnAsync(left, first, over);
        }

        _began = true;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _disposed.Cancel();

    private async Task GoOnAsync(Queue<IStartCheck> left, Task<bool> first, CancellationTokenSource over)
    {
        var stopping = over.Token;
        try
        {
            var havePassed = await first;
            while (!havePassed)
            {
                await Task.Delay(BetweenTries, time, stopping);
                havePassed = await TryAsync(left, stopping);
            }

            LogGoesOn();
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // It stops.
        }
        catch (SettingsException refusal)
        {
            Refusal = refusal;
            LogRefused(refusal.Message);
            lifetime.StopApplication();
        }
        catch (Exception failure)
        {
            LogFailed(failure);
            lifetime.StopApplication();
        }
        finally
        {
            over.Dispose();
        }
    }

    // Goes on with the check that failed: those before it have passed.
    private async Task<bool> TryAsync(Queue<IStartCheck> left, CancellationToken cancellationToken)
    {
        try
        {
            while (left.TryPeek(out var check))
            {
                await check.CheckAsync(cancellationToken);
                left.Dequeue();
            }

            _passed.TrySetResult();
            return true;
        }
        catch (StoreAwayException away)
        {
            if (_away?.Message != away.Message)
            {
                LogWaiting(away.Message);
            }

            _away = away;
            return false;
        }
    }

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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not ready, and waiting: {Reason}")]
    private partial void LogWaiting(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "All stores answer: the service goes on")]
    private partial void LogGoesOn();

    [LoggerMessage(Level = LogLevel.Error, Message = "The service stops: {Refusal}")]
    private partial void LogRefused(string refusal);

    [LoggerMessage(Level = LogLevel.Critical, Message = "A check of the start failed, and the service stops")]
    private partial void LogFailed(Exception failure);
}
