using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Orders.AppHost.Running;

/// <summary>
/// Prints one line when everything is up, with the addresses, since only the dashboard would show it. If
/// something cannot come up, it prints what that is as soon as everything else is up.
/// </summary>
internal sealed class ReadyLine(DistributedApplicationModel model, ResourceNotificationService notifications, IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    /// <summary>The beginning of this line.</summary>
    public const string Begin = "Ready after ";

    /// <summary>The beginning of the line when something cannot come up.</summary>
    public const string NotReady = "Not ready: ";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var services = model.Services().ToList();
            var told = "";
            await foreach (var _ in notifications.WatchAsync(stoppingToken))
            {
                if (services.TrueForAll(IsReady))
                {
                    SayReady();
                    return;
                }

                var missing = services.Where(service => !IsReady(service)).Select(service => (service.Name, Why: WhyNever(service))).ToList();
                if (!lifetime.ApplicationStopping.IsCancellationRequested && missing.TrueForAll(each => each.Why is not null) && Line(missing, services.Count) is var line && line != told)
                {
                    Console.WriteLine(line);
                    told = line;
                }
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException or IOException)
        {
            // AppHost stops, or the terminal is closed.
        }
    }

    private static string Line(List<(string Name, string? Why)> missing, int all) =>
        $"{NotReady}{string.Join("; ", missing.GroupBy(each => each.Why).Select(same => $"{string.Join(", ", same.Select(each => each.Name))} {same.Key}"))}"
        + (missing.Count < all ? "; the others go on." : ".");

    private void SayReady()
    {
        using var self = Process.GetCurrentProcess();
        var seconds = (time.GetUtcNow().UtcDateTime - self.StartTime.ToUniversalTime()).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        Console.WriteLine($"{Begin}{seconds} s: orders are placed at {model.AddressOf("api")}, read at {model.AddressOf("query")} (console) and {model.AddressOf("graphql")} (GraphQL), and asked about at {model.AddressOf("warehouse")}/analytics.");
    }

    private bool IsReady(IResource service) => State(service) is { } state && state.State?.Text == KnownResourceStates.Running && state.HealthStatus == HealthStatus.Healthy;

    // Null while the service may still come up.
    private string? WhyNever(IResource service)
    {
        if (ProblemOf(service) is { } problem)
        {
            return $"could not start: {problem.TrimEnd('.')}";
        }

        return AllAwaited(service).FirstOrDefault(awaited => ProblemOf(awaited) is not null) is { } missing ? $"cannot start without {missing.Name}" : null;
    }

    private static IEnumerable<IResource> AllAwaited(IResource resource) =>
        resource.Annotations.OfType<WaitAnnotation>().SelectMany(wait => new[] { wait.Resource }.Concat(AllAwaited(wait.Resource)));

    // The problem of a resource that has ended without being stopped by anybody.
    private string? ProblemOf(IResource resource) =>
        State(resource) is { } state && KnownResourceStates.TerminalStates.Contains(state.State?.Text ?? "") ? ResourceProblem.Of(state) : null;

    private CustomResourceSnapshot? State(IResource resource) => notifications.TryGetCurrentState(resource.Name, out var current) ? current.Snapshot : null;
}
