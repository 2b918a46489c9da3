namespace Orders.Local.Engines;

/// <summary>Installs a package with apt-get where that can be done without asking: as root, on Debian and Ubuntu.</summary>
internal static class AptGet
{
    private static readonly Dictionary<string, string> Quiet = new(StringComparer.Ordinal)
    {
        ["DEBIAN_FRONTEND"] = "noninteractive",
        // invoke-rc.d starts no service in this runlevel: the program is wanted, not a server that runs from now on.
        ["RUNLEVEL"] = "1",
    };

    /// <summary>True when the package is installed now.</summary>
    public static async Task<bool> InstallAsync(string package, string searchPath, IProgress<EngineStep> progress, CancellationToken cancellationToken)
    {
        if (!Platform.IsRoot || !Platform.IsDebian() || Executables.Find("apt-get", searchPath) is not { } aptGet)
            return false;
        var step = new Step(progress, "Redis", $"apt-get install {package}", takesLong: true);
        if (await RunAsync("install", package) || (await RunAsync("update") && await RunAsync("install", package)))
        {
            step.Done();
            return true;
        }

        step.Done($"apt-get install {package} failed");
        return false;

        async Task<bool> RunAsync(params string[] verb)
        {
            var run = await ShortProcess.RunAsync(aptGet, ["-qq", "--yes", "--no-install-recommends", .. verb], "/", cancellationToken, environment: Quiet);
            return run.ExitCode == 0;
        }
    }
}
