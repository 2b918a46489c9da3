using Microsoft.Extensions.Configuration;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Hosting;

/// <summary>How a process leaves.</summary>
/// <param name="Delay"><c>Orders:Http:DrainSeconds</c>: how long it goes on serving after it was asked to
/// stop. It says that it is not ready, and closes each connection with its answer, so that a load balancer
/// sends nothing here any more when it stops listening. By default 5 s; none in Development.</param>
public sealed record DrainSettings(TimeSpan Delay)
{
    private const double DefaultSeconds = 5;

    /// <summary>Reads them.</summary>
    /// <exception cref="SettingsException">The value is no number, or out of range.</exception>
    public static DrainSettings Read(IConfiguration configuration, bool isDevelopment) =>
        ConfigurationReader.Read(configuration, "Orders:Http", settings => new DrainSettings(TimeSpan.FromSeconds(settings.Number("DrainSeconds", isDevelopment ? 0 : DefaultSeconds, 0, 600))));
}
