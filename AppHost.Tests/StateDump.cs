using System.Text;
using k8s.Autorest;
using Microsoft.Extensions.DependencyInjection;

namespace Orders.AppHost.Tests;

/// <summary>The state of every resource and the end of its log, for the message of a failed test.</summary>
internal static class StateDump
{
    private const int LastLines = 15;
    private static readonly TimeSpan LogBound = TimeSpan.FromSeconds(2);

    /// <summary>Reads it.</summary>
    public static async Task<string> ReadAsync(DistributedApplication app)
    {
        var text = new StringBuilder();
        foreach (var resource in app.Services.GetRequiredService<DistributedApplicationModel>().Resources)
        {
            if (!app.ResourceNotifications.TryGetCurrentState(resource.Name, out var current) && resource is not IResourceWithEndpoints)
            {
                continue;
            }

            var snapshot = current?.Snapshot;
            text.AppendLine($"--- {resource.Name}: {snapshot?.State?.Text ?? "no state"}, {snapshot?.HealthStatus?.ToString() ?? "no health"}, exit code {snapshot?.ExitCode?.ToString() ?? "none"}");
            foreach (var report in snapshot?.HealthReports ?? [])
            {
                text.AppendLine($"    {report.Name}: {report.Status} {report.Description}");
            }

            foreach (var line in await LinesAsync(app, resource))
            {
                text.AppendLine($"    | {line}");
            }
        }

        return text.ToString();
    }

    private static async Task<IEnumerable<string>> LinesAsync(DistributedApplication app, IResource resource)
    {
        var lines = new Queue<string>();
        using var bound = new CancellationTokenSource(LogBound);
        try
        {
            await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(resource).WithCancellation(bound.Token))
            {
                foreach (var line in batch)
                {
                    lines.Enqueue(line.Content);
                    if (lines.Count > LastLines)
                    {
                        lines.Dequeue();
                    }
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or HttpRequestException or HttpOperationException)
        {
            // Timeout: the lines read so far are enough; the orchestrator may have ended.
        }

        return lines;
    }
}
