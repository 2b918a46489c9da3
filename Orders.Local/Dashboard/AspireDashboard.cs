using Orders.Engines;
using Orders.Engines.Data;
using Orders.Engines.Npm;
using Orders.Engines.Processes;

namespace Orders.Local.Dashboard;

/// <summary>
/// The standalone Aspire dashboard, from the npm package of the Aspire command line: traces, metrics and
/// logs over OTLP.
/// </summary>
internal sealed class AspireDashboard : IAsyncDisposable
{
    private const string Name = "Dashboard";
    private const int PagePort = 18_888;
    private const int GrpcPort = 4317;
    private const int HttpPort = 4318;

    // At its first start it unpacks 150 MB.
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(120);

    private readonly EngineProcess _process;

    private AspireDashboard(EngineProcess process) => _process = process;

    public Uri Page { get; } = new($"http://localhost:{PagePort}");

    /// <summary>The OTLP endpoint (gRPC) for telemetry.</summary>
    public Uri Collector { get; } = new($"http://localhost:{GrpcPort}");

    /// <exception cref="EngineException">It is not available, or one of its ports is in use.</exception>
    public static async Task<AspireDashboard> StartAsync(
        DataFolder data, EngineOptions options, IProgress<EngineStep> progress, CancellationToken cancellationToken)
    {
        foreach (var port in new[] { PagePort, GrpcPort, HttpPort }.Where(Ports.IsInUse))
        {
            throw new EngineException($"Port {port} for the dashboard is in use", "Stop what listens there (another dashboard?), or start without --dashboard.");
        }

        var package = await new NpmCache(options.CacheFolder, options.SearchPath, progress).InstallAsync(Name, NpmPackage.Aspire, cancellationToken);
        var step = new Step(progress, Name, "start (unpacks itself the first time)", takesLong: true);
        var home = Path.Combine(options.CacheFolder, "aspire-home");
        Folders.CreatePrivate(home, "ORDERS_CACHE");
        var process = await EngineProcess.StartAsync(new()
        {
            Name = Name,
            Program = Path.Combine(package, "bin", OperatingSystem.IsWindows() ? "aspire.exe" : "aspire"),
            Arguments =
            [
                "dashboard", "run", "--allow-anonymous", "--non-interactive", "--nologo", "--frontend-url", $"http://localhost:{PagePort}",
                "--otlp-grpc-url", $"http://localhost:{GrpcPort}", "--otlp-http-url", $"http://localhost:{HttpPort}",
            ],
            Folder = home,
            // It unpacks its files into our cache, not into the user's home.
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = home, ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true" },
        }, data);
        var dashboard = new AspireDashboard(process);
        try
        {
            using var http = new HttpClient();
            await process.UntilAsync(token => HttpAnswer.IsThereAsync(http, dashboard.Page, token), StartBound, cancellationToken);
            step.Done(dashboard.Page.Authority);
            return dashboard;
        }
        catch
        {
            await dashboard.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
