using System.Diagnostics;

namespace Orders.AppHost.Tests.Aws;

/// <summary>
/// A run of AppHost for one step of its pipeline, like <c>dotnet run --project AppHost -- --operation
/// publish --step …</c>.
/// </summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">The lines of its standard error that AppHost itself wrote.</param>
internal sealed record PipelineRun(int ExitCode, string Output, IReadOnlyList<string> Errors)
{
    public const string Region = "eu-central-1";

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    /// <summary>Parameters for a stack that needs no image to be built.</summary>
    public static string[] NamedImages { get; } =
        [.. new[] { "api", "sync", "query", "graphql", "warehouse", "collector" }.Select(service => $"--Parameters:{service}Image=registry.example.com/{service}:1")];

    /// <summary>Runs it until it exits.</summary>
    /// <param name="step">The step.</param>
    /// <param name="folder">The output folder.</param>
    /// <param name="environment">Variables that override the environment of the tests, from which those of
    /// AWS are removed; null removes one.</param>
    /// <param name="arguments">More arguments.</param>
    public static async Task<PipelineRun> OfAsync(
        string step, string folder, IReadOnlyDictionary<string, string?>? environment = null, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "AppHost.exe" : "AppHost"),
            ["--operation", "publish", "--step", step, "--output-path", folder, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var name in start.Environment.Keys.Where(IsOfAws).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["AWS_REGION"] = Region;
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        using var bound = new CancellationTokenSource(Bound);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(bound.Token);
        var errors = process.StandardError.ReadToEndAsync(bound.Token);
        try
        {
            await process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The step {step} has not ended within {Bound.TotalMinutes:0} minutes.", late);
        }

        var lines = (await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new(process.ExitCode, await output, [.. lines.Where(line => !IsAboutNode(line))]);
    }

    public override string ToString() => $"ended with {ExitCode}\n{Output}\n{string.Join('\n', Errors)}";

    // The CDK's bridge frames its warning about an old Node with these.
    private static bool IsAboutNode(string line) => line.StartsWith("!!", StringComparison.Ordinal);

    private static bool IsOfAws(string name) => name.StartsWith("AWS_", StringComparison.Ordinal) || name.StartsWith("CDK_", StringComparison.Ordinal);
}
