using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Orders.ServiceDefaults.Hosting;

/// <summary>
/// Stops the service when its AppHost has ended; the process id is in <c>ORDERS_APPHOST_PID</c>. AppHost's
/// orchestrator does so too, but cannot stop a process that it was just starting when both were killed.
/// </summary>
/// <param name="configuration">Has the id if AppHost runs the service.</param>
/// <param name="lifetime">Stops the service.</param>
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
            // AppHost ended before this started.
        }

        lifetime.StopApplication();
    }
}
