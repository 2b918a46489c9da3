using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace Orders.AppHost.Running;

/// <summary>
/// Says once that everything is up, and where: the dashboard shows it, and the console otherwise does not.
/// </summary>
internal sealed class ReadyLine(DistributedApplicationModel model, ResourceNotificationService notifications, TimeProvider time) : BackgroundService
{
    /// <summary>What the line begins with.</summary>
    public const string Begin = "Ready after ";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(model.Services().Select(resource => notifications.WaitForResourceHealthyAsync(resource.Name, stoppingToken)));
            using var self = Process.GetCurrentProcess();
            var seconds = (time.GetUtcNow().UtcDateTime - self.StartTime.ToUniversalTime()).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
            Console.WriteLine($"{Begin}{seconds} s: orders are placed at {model.AddressOf("api")}, read at {model.AddressOf("query")} (console) and {model.AddressOf("graphql")} (GraphQL).");
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The end, or a terminal that is closed.
        }
        catch (DistributedApplicationException)
        {
            // One of them cannot become healthy: its own line has said so.
        }
    }
}
