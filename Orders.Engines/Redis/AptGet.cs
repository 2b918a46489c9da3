using Orders.Engines.Npm;
using Orders.Engines.Processes;

namespace Orders.Engines.Redis;

/// <summary>
/// Installs a package with apt-get where that can be done without asking: as root, on Debian and Ubuntu.
/// </summary>
internal static class AptGet
{
    private static readonly Dictionary<string, string> Quiet = new(StringComparer.Ordinal)
    {
        ["DEBIAN_FRONTEND"] = "noninteractive",
        // invoke-rc.d starts no service in this runlevel: the program is wanted, not a server that runs from
        // now on.
        ["RUNLEVEL"] = "1",
    };

    // apt-get goes on trying for minutes where the network is away, and Redis can be done without.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>True when the package is installed now.</summary>
    public static async Task<bool> InstallAsync(string package, string searchPath, IProgress<EngineStep> progress, CancellationToken cancellationToken)
    {
        if (!Platform.IsRoot || !Platform.IsDebian() || Executables.Find("apt-get", searchPath) is not { } aptGet)
        {
            return false;
        }

        var step = new Step(progress, RedisEngine.Name, $"apt-get install {package}", takesLong: true);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        if (await RunAsync("install", package) || (await RunAsync("update") && await RunAsync("install", package)))
        {
            step.Done();
            return true;
        }

        step.Done($"apt-get install {package} failed");
        return false;

        async Task<bool> RunAsync(params string[] verb)
        {
            try
            {
                var run = await ShortProcess.RunAsync(aptGet, ["-qq", "--yes", "--no-install-recommends", .. verb], "/", limit.Token, environment: Quiet);
                return run.ExitCode == 0;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }
    }
}
