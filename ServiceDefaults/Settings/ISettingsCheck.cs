namespace Orders.ServiceDefaults.Settings;

/// <summary>
/// Reads settings before anything is done with them. All run, so that all that is wrong is told at once.
/// </summary>
internal interface ISettingsCheck
{
    /// <exception cref="SettingsException">One or more are wrong.</exception>
    void Check();
}
