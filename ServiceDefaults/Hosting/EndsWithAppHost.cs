using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Orders.ServiceDefaults.Hosting;

/// <summary>
/// Stops the service when the AppHost that runs it is gone, whose id is in <c>ORDERS_APPHOST_PID</c>.
/// AppHost's orchestrator does so too; but a process that it was just starting when both were killed has
/// nobody else to end it.
/// </summary>
/// <param name="configuration">Has the id, where AppHost runs the service.</param>
/// <param name="lifetime">Takes the stop.</param>
internal sealed class EndsWithAppHost(IConfiguration configuration, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!int.TryParse(configuration["ORDERS_APPHOST_PID"], CultureInfo.InvariantCulture, out var pid))
        {
            return;
        }

        try
        {
            using var appHost = Process.GetProcessById(pid);
            await appHost.WaitForExitAsync(stoppingToken);
        }
        catch (ArgumentException)
        {
            // It was gone before this began.
        }

        lifetime.StopApplication();
    }
}
