using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Hosting;

/// <summary>
/// Something that must hold before a service takes its first request: register it with
/// <c>services.AddSingleton&lt;IStartCheck, …&gt;()</c>. All run once, in the order of registration, before
/// any hosted service starts.
/// </summary>
public interface IStartCheck
{
    /// <summary>Returns when the service may start.</summary>
    /// <exception cref="SettingsException">It may not; <see cref="ServiceRunner.RunServiceAsync"/> prints
    /// the message as one line and exits with 1.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}
