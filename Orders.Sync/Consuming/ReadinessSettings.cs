using System.Globalization;
using Orders.ServiceDefaults.Settings;

namespace Orders.Sync.Consuming;

/// <summary>Settings of readiness, section <c>Sync:Readiness</c>.</summary>
/// <param name="StalledAfter"><c>Sync:Readiness:StalledAfterSeconds</c> (10): how long something may wait without anything being applied.</param>
internal sealed record ReadinessSettings(TimeSpan StalledAfter)
{
    private const int DefaultSeconds = 10;

    /// <summary>Reads them.</summary>
    /// <exception cref="SettingsException">The number is none, or out of range.</exception>
    public static ReadinessSettings Read(IConfiguration configuration)
    {
        if (configuration["Sync:Readiness:StalledAfterSeconds"] is not { Length: > 0 } text)
        {
            return new(TimeSpan.FromSeconds(DefaultSeconds));
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 3_600
            ? new(TimeSpan.FromSeconds(seconds))
            : throw new SettingsException("Sync__Readiness__StalledAfterSeconds", $"'{text}' is not a whole number from 1 to 3600.", $"Correct it or leave it out for {DefaultSeconds}.");
    }
}
