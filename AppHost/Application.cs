using Microsoft.Extensions.Hosting;
using Orders.AppHost.Stores;
using Orders.Engines;
using Orders.Engines.Data;
using Orders.ServiceDefaults.Hosting;

namespace Orders.AppHost;

/// <summary>The application as a whole: how it is started, and which options Aspire gets.</summary>
internal static class Application
{
    /// <summary>The variable that shows a failure with its stack trace.</summary>
    public const string TraceSetting = "ORDERS_APPHOST_TRACE";

    private const string ReloadSetting = "DOTNET_hostBuilder__reloadConfigOnChange";

    /// <summary>
    /// Runs AppHost. Before that, it removes variables that the shell holds for other programs, and checks
    /// the command line and the temporary folder, which Aspire needs at once. A failure is reported as one
    /// line that says what to do.
    /// </summary>
    /// <param name="args">The command line.</param>
    /// <param name="run">Builds the application and runs it to its end.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, Func<Task<int>> run)
    {
        ProcessEnvironment.Settle();
        ProcessEnvironment.ForgetListeners();
        if (Arguments.AskForHelp(args))
        {
            Console.WriteLine(Arguments.HelpText());
            return 0;
        }

        try
        {
            Arguments.Check(Settings.WithFlags(args));
            TemporaryFolder.Check();
            return await run();
        }
        catch (EngineException failure)
        {
            await FailAsync(failure.Details.Length > 0 ? $"{failure.Message}{Environment.NewLine}{failure.Details}" : failure.Message);
        }
        // The tests of Aspire end the host with a HostAbortedException when they only want it built.
        catch (Exception failure) when (failure is not HostAbortedException && !string.Equals(Environment.GetEnvironmentVariable(TraceSetting), "true", StringComparison.OrdinalIgnoreCase))
        {
            var problem = failure.GetBaseException().Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? failure.GetType().Name;
            await FailAsync($"AppHost cannot go on: {problem.TrimEnd('.')}. {TraceSetting}=true in the environment shows where this comes from.");
        }

        return 1;
    }

    /// <summary>
    /// Plain HTTP on loopback, dashboard included: nothing here needs a development certificate.
    /// </summary>
    /// <param name="args">The command line.</param>
    public static DistributedApplicationOptions Options(string[] args)
    {
        // The host watches its content root, the current folder, recursively for changed configuration. In a
        // home folder this takes most of the start, and AppHost has no appsettings.json. Set as an
        // environment variable, because Aspire builds a second host for the dashboard.
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

    private static Task FailAsync(string line)
    {
        Home.Opened?.Dispose();
        return Console.Error.WriteLineAsync(line);
    }
}
