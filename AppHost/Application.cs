namespace Orders.AppHost;

/// <summary>What Aspire is told about the application as a whole.</summary>
internal static class Application
{
    /// <summary>Plain HTTP on loopback, dashboard included: nothing here needs a development certificate, or asks for one.</summary>
    /// <param name="args">The command line.</param>
    public static DistributedApplicationOptions Options(string[] args) => new()
    {
        Args = Settings.WithFlags(args),
        DashboardApplicationName = "Orders",
        AllowUnsecuredTransport = true,
        TrustDeveloperCertificate = false,
        DeveloperCertificateDefaultHttpsTerminationEnabled = false,
    };
}
