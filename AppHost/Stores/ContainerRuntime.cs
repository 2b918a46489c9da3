using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace Orders.AppHost.Stores;

/// <summary>
/// Docker or Podman, as Aspire will use it. Without one its resources would wait for ever.
/// </summary>
internal static class ContainerRuntime
{
    private static readonly string[] Known = ["docker", "podman"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Why none can be used; null when one can. <c>ASPIRE_CONTAINER_RUNTIME</c> names the only one to ask.
    /// </summary>
    public static string? FindFault(IConfiguration configuration)
    {
        string[] candidates = (configuration["ASPIRE_CONTAINER_RUNTIME"] ?? configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"]) is { Length: > 0 } chosen ? [chosen] : Known;
        var faults = new List<string>();
        foreach (var candidate in candidates)
        {
            if (Ask(candidate) is not { } fault)
            {
                return null;
            }

            faults.Add($"{candidate} {fault}");
        }

        return string.Join(", ", faults);
    }

    // Listing containers needs the daemon, where there is one; asking for the version does not.
    private static string? Ask(string runtime)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(runtime, ["ps", "-q"]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            var errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                return $"does not answer within {Patience.TotalSeconds:0} s";
            }

            return process.ExitCode == 0 ? null : FirstLine(errors.GetAwaiter().GetResult());
        }
        catch (Win32Exception)
        {
            return "is not installed";
        }
    }

    private static string FirstLine(string errors) =>
        errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() is { } line ? $"says: {line.TrimEnd('.')}" : "fails";
}
