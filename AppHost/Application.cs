using Microsoft.Extensions.Hosting;
using Orders.AppHost.Stores;
using Orders.Engines;
using Orders.Engines.Data;
using Orders.ServiceDefaults.Hosting;

namespace Orders.AppHost;

/// <summary>The application as a whole: how it is begun, and what Aspire is told about it.</summary>
internal static class Application
{
    /// <summary>The variable that shows the whole of a failure.</summary>
    public const string TraceSetting = "ORDERS_APPHOST_TRACE";

    private const string ReloadSetting = "DOTNET_hostBuilder__reloadConfigOnChange";

    /// <summary>
    /// Keeps out what the shell holds for other programs, looks whether the command line is right and the
    /// temporary folder, which Aspire needs at once, can be written, and runs. What keeps it from running is
    /// one line with the way out.
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
        // The tests of Aspire end a host that they only want to have built by the first.
        catch (Exception failure) when (failure is not HostAbortedException && !string.Equals(Environment.GetEnvironmentVariable(TraceSetting), "true", StringComparison.OrdinalIgnoreCase))
        {
            var problem = failure.GetBaseException().Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? failure.GetType().Name;
            await FailAsync($"AppHost cannot go on: {problem.TrimEnd('.')}. {TraceSetting}=true in the environment shows where this comes from.");
        }

        return 1;
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

    private static Task FailAsync(string line)
    {
        Home.Opened?.Dispose();
        return Console.Error.WriteLineAsync(line);
    }
}
