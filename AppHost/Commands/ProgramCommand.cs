using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orders.Engines.Processes;

namespace Orders.AppHost.Commands;

/// <summary>
/// Adds commands that a service's program has on its command line, and no route: the program runs once more,
/// with the environment of the running service and so on the same stores.
/// </summary>
internal static class ProgramCommand
{
    private const string NoTelemetry = "OTEL_SDK_DISABLED";

    /// <summary>Makes the command's result.</summary>
    public delegate ExecuteCommandResult Read(ShortProcess.Outcome outcome);

    /// <summary>Adds a command; it is enabled while the service runs.</summary>
    /// <param name="service">The service.</param>
    /// <param name="title">The name in the dashboard.</param>
    /// <param name="options">How it looks.</param>
    /// <param name="arguments">The command line. Its first word is the name for
    /// <c>aspire resource</c>.</param>
    /// <param name="read">Reads what the program said.</param>
    public static IResourceBuilder<ProjectResource> WithProgramCommand(
        this IResourceBuilder<ProjectResource> service, string title, CommandOptions options, string[] arguments, Read read)
    {
        options.UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;
        return service.WithCommand(arguments[0], title, ExecuteAsync, options);

        async Task<ExecuteCommandResult> ExecuteAsync(ExecuteCommandContext context)
        {
            try
            {
                return EnvironmentOf(context) is { } environment
                    ? read(await RunAsync(service.Resource.GetProjectMetadata().ProjectPath, arguments, environment, context.CancellationToken))
                    : CommandResults.Failure($"{service.Resource.Name} has not been started: its settings are not known.");
            }
            catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
            {
                return CommandResults.Canceled();
            }
        }
    }

    /// <summary>The last line that a failed program wrote.</summary>
    public static string LastLine(ShortProcess.Outcome outcome) =>
        outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? $"The program ended with exit code {outcome.ExitCode}.";

    // What the orchestrator has given to the process; null when it has started none.
    private static Dictionary<string, string>? EnvironmentOf(ExecuteCommandContext context)
    {
        if (!context.Services.GetRequiredService<ResourceNotificationService>().TryGetCurrentState(context.ResourceName, out var current))
        {
            return null;
        }

        var given = current.Snapshot.EnvironmentVariables.Where(variable => variable is { IsFromSpec: true, Value: not null }).ToDictionary(variable => variable.Name, variable => variable.Value!, StringComparer.Ordinal);
        given[NoTelemetry] = "true";
        return given.ContainsKey("ConnectionStrings__orders") ? given : null;
    }

    // As the orchestrator starts the service, but for the build.
    private static Task<ShortProcess.Outcome> RunAsync(string project, string[] arguments, Dictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var configuration = typeof(ProgramCommand).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";
        var dotnet = Executables.Find("dotnet", Environment.GetEnvironmentVariable("PATH") ?? "") ?? "dotnet";
        return ShortProcess.RunAsync(
            dotnet, ["run", "--no-build", "--no-launch-profile", "--configuration", configuration, "--project", project, "--", .. arguments],
            Path.GetDirectoryName(project)!, cancellationToken, environment: environment);
    }
}
