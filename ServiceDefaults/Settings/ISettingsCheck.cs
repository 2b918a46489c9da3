namespace Orders.ServiceDefaults.Settings;

/// <summary>
/// Reads settings before they are used. All checks run, so that all errors are reported at once.
/// </summary>
internal interface ISettingsCheck
{
    /// <exception cref="SettingsException">One or more are wrong.</exception>
    void Check();
}
