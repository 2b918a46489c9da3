using Orders.ServiceDefaults.Settings;

namespace Orders.Sync.Consuming;

/// <summary>Settings of readiness, section <c>Sync:Readiness</c>.</summary>
/// <param name="StalledAfter"><c>Sync:Readiness:StalledAfterSeconds</c> (10): how long something may wait
/// without anything being applied.</param>
internal sealed record ReadinessSettings(TimeSpan StalledAfter)
{
    private const int DefaultSeconds = 10;

    /// <summary>Reads them.</summary>
    /// <exception cref="SettingsException">The value is not a number, or out of range.</exception>
    public static ReadinessSettings Read(IConfiguration configuration) =>
        ConfigurationReader.Read(configuration, "Sync:Readiness", reader => new ReadinessSettings(TimeSpan.FromSeconds(reader.Whole("StalledAfterSeconds", DefaultSeconds, 1, 3_600))));
}
