using Orders.Engines.Npm;
using Orders.Engines.Processes;

namespace Orders.Engines.Redis;

/// <summary>
/// Installs a package with apt-get if this needs no questions: as root, on Debian and Ubuntu.
/// </summary>
internal static class AptGet
{
    private static readonly Dictionary<string, string> Quiet = new(StringComparer.Ordinal)
    {
        ["DEBIAN_FRONTEND"] = "noninteractive",
        // In this runlevel invoke-rc.d starts no service: only the program is needed, not a running server.
        ["RUNLEVEL"] = "1",
    };

    // Without a network, apt-get retries for minutes, and Redis is optional.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>True if the package is now installed.</summary>
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
                // This process may let nobody else read what it creates; a program is for everybody.
                var run = await ShortProcess.RunAsync("/bin/sh", ["-c", "umask 022; exec \"$0\" \"$@\"", aptGet, "-qq", "--yes", "--no-install-recommends", .. verb], "/", limit.Token, environment: Quiet);
                return run.ExitCode == 0;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }
    }
}
