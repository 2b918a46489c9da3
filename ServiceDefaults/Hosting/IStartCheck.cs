using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Hosting;

/// <summary>
/// A check that must pass before a service takes its first request: register it with
/// <c>services.AddSingleton&lt;IStartCheck, …&gt;()</c>. All run once, in the order of registration, before
/// any hosted service starts.
/// </summary>
public interface IStartCheck
{
    /// <summary>Returns when the service may start.</summary>
    /// <exception cref="SettingsException">The service may not start;
    /// <see cref="ServiceRunner.RunServiceAsync"/> prints the message as one line and exits with
    /// 1.</exception>
    /// <exception cref="StoreAwayException">Not yet: the service listens, answers 503 and is not ready, and
    /// the check is tried again.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}
