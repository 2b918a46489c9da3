using Orders.Engines;
using Orders.Engines.Data;
using Orders.ServiceDefaults.Hosting;

namespace Orders.AppHost;

/// <summary>What Aspire is told about the application as a whole.</summary>
internal static class Application
{
    private const string ReloadSetting = "DOTNET_hostBuilder__reloadConfigOnChange";

    /// <summary>
    /// Keeps out what the shell holds for other programs, and looks whether the temporary folder, which
    /// Aspire needs at once, can be written.
    /// </summary>
    /// <returns>False when it cannot; why, and the way out, has been written to the console.</returns>
    public static async Task<bool> PrepareAsync()
    {
        ProcessEnvironment.Settle();
        ProcessEnvironment.ForgetListeners();
        try
        {
            TemporaryFolder.Check();
            return true;
        }
        catch (EngineException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return false;
        }
    }

    /// <summary>
    /// Plain HTTP on loopback, dashboard included: nothing here needs a development certificate, or asks for
    /// one.
    /// </summary>
    /// <param name="args">The command line.</param>
    public static DistributedApplicationOptions Options(string[] args)
    {
        // The host reloads its configuration on change by a recursive file watcher on the content root,
        // which is the current folder: in a home folder that takes most of the start. AppHost has no
        // appsettings.json. By an environment variable, since Aspire builds a second host, for the
        // dashboard.
        Environment.SetEnvironmentVariable(ReloadSetting, Environment.GetEnvironmentVariable(ReloadSetting) ?? "false");
        return new()
        {
            Args = Settings.WithFlags(args),
            DashboardApplicationName = "Orders",
            AllowUnsecuredTransport = true,
            TrustDeveloperCertificate = false,
            DeveloperCertificateDefaultHttpsTerminationEnabled = false,
        };
    }
}
