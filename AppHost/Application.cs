namespace Orders.AppHost;

/// <summary>What Aspire is told about the application as a whole.</summary>
internal static class Application
{
    private const string ReloadSetting = "DOTNET_hostBuilder__reloadConfigOnChange";

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
