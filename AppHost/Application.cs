using Orders.Engines;
using Orders.Engines.Data;
using Orders.ServiceDefaults;

namespace Orders.AppHost;

/// <summary>What Aspire is told about the application as a whole.</summary>
internal static class Application
{
    private const string ReloadSetting = "DOTNET_hostBuilder__reloadConfigOnChange";

    /// <summary>Keeps out what the shell holds for other programs, and looks whether the temporary folder, which Aspire needs at once, can be written.</summary>
    /// <returns>False when it cannot; why, and the way out, has been written to the console.</returns>
    public static async Task<bool> PrepareAsync()
    {
        ProcessEnvironment.Settle();
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

    /// <summary>Plain HTTP on loopback, dashboard included: nothing here needs a development certificate, or asks for one.</summary>
    /// <param name="args">The command line.</param>
    public static DistributedApplicationOptions Options(string[] args)
    {
        // A host watches every folder below the one it is started in for a changed appsettings.json: of a home folder, or of the whole machine, that takes
        // longer than all the rest. There is none here, and Aspire makes a second host for the dashboard, so this is told by the environment.
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
