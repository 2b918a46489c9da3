using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Orders.Engines;

namespace Orders.AppHost.Stores;

/// <summary>
/// Docker or Podman, chosen as Aspire does. Without a runtime, the container resources would wait forever.
/// </summary>
internal static class ContainerRuntime
{
    private static readonly string[] Known = ["docker", "podman"];
    private static readonly string[] Settings = ["ASPIRE_CONTAINER_RUNTIME", "DOTNET_ASPIRE_CONTAINER_RUNTIME", "DcpPublisher:ContainerRuntime"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Checks that the configured runtime is one that Aspire knows.</summary>
    /// <exception cref="EngineException">It is not.</exception>
    public static void Check(IConfiguration configuration)
    {
        if (Chosen(configuration) is { } chosen && !Known.Contains(chosen, StringComparer.OrdinalIgnoreCase))
        {
            throw new EngineException($"ASPIRE_CONTAINER_RUNTIME: '{chosen}' is neither docker nor podman", "Name one of these, or leave it out.");
        }
    }

    /// <summary>
    /// Why no runtime can be used; null when one can. <c>ASPIRE_CONTAINER_RUNTIME</c> restricts the check to
    /// one.
    /// </summary>
    public static string? FindFault(IConfiguration configuration)
    {
        string[] candidates = Chosen(configuration) is { } chosen ? [chosen] : Known;
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

    private static string? Chosen(IConfiguration configuration) =>
        Settings.Select(setting => configuration[setting]).FirstOrDefault(name => !string.IsNullOrWhiteSpace(name));

    // Listing containers needs the daemon, if there is one; printing the version does not.
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
