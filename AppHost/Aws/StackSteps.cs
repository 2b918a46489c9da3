#pragma warning disable ASPIREPIPELINES001, ASPIREPIPELINES004 // May change in a later Aspire; its version is pinned.
using System.Text.Json;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orders.Engines;
using Orders.Engines.Data;
using Orders.Infra;
using Orders.Infra.Settings;

namespace Orders.AppHost.Aws;

/// <summary>
/// The work of the pipeline's steps: write the stack, run the preflight checks, deploy the stack, remove it.
/// </summary>
/// <param name="configuration">Holds the parameters.</param>
/// <param name="sourceFolder">The folder of the solution, from which images are built.</param>
internal sealed partial class StackSteps(IConfiguration configuration, string sourceFolder)
{
    private const string Kept = "keepData=true: what was deployed so leaves the table, a snapshot of the database, the lake and the keys.";
    private const string Lost = "keepData=false: what was deployed so goes with all its data.";

    private SynthesizedApp? _app;

    private SynthesizedApp App => _app ?? throw new InvalidOperationException("The stack is not written yet.");

    private static string SearchPath => Environment.GetEnvironmentVariable("PATH") ?? "";

    /// <summary>Writes the stack to <c>cdk.out</c> in the output folder.</summary>
    public Task SynthesizeAsync(PipelineStepContext context)
    {
        var region = StackRegion.Find(Environment.GetEnvironmentVariable);
        _app = Checked(() =>
        {
            StackParameters.Check(configuration);
            var folder = Path.Combine(OutputFolder(context), "cdk.out");
            // Node retries forever to create some folders that cannot be created.
            Folders.Create(folder, "--output-path");
            return OrdersApp.Synthesize(folder, name => StackParameters.Of(configuration, name), region, sourceFolder);
        });
        LogWritten(context.Logger, App.StackName, App.Template);
        context.Summary.Add("Stack", $"{App.StackName} for {App.Region ?? "the region in which it will be deployed"}");
        context.Summary.Add("Template", App.Template);
        context.Summary.Add("Images to make", App.ImagesToMake.Count == 0 ? "none" : string.Join(", ", App.ImagesToMake));
        return Task.CompletedTask;
    }

    /// <summary>Preflight: checks everything on this machine that a deployment needs.</summary>
    public Task CheckAsync(PipelineStepContext context)
    {
        _ = Checked(() => StackRegion.Require(Environment.GetEnvironmentVariable));
        _ = CdkProgram.Find(SearchPath);
        return ImageMaker.CheckAsync(App.ImagesToMake, Environment.GetEnvironmentVariable, context.CancellationToken);
    }

    /// <summary>Deploys the written stack, and shows its outputs.</summary>
    public async Task DeployAsync(PipelineStepContext context)
    {
        var outputs = Path.Combine(OutputFolder(context), "outputs.json");
        await RunAsync(context, ["deploy", "--app", App.Folder, "--require-approval", "never", "--outputs-file", outputs]);
        if (StackParameters.Of(configuration, "certificateArn") is not { Length: > 0 })
        {
            LogInside(context.Logger);
        }

        using var written = JsonDocument.Parse(await File.ReadAllTextAsync(outputs, context.CancellationToken));
        foreach (var output in written.RootElement.GetProperty(App.StackName).EnumerateObject())
        {
            context.Summary.Add(output.Name, output.Value.ToString());
        }
    }

    /// <summary>Removes the stack after confirmation.</summary>
    public async Task DestroyAsync(PipelineStepContext context)
    {
        var region = Checked(() => StackRegion.Require(Environment.GetEnvironmentVariable));
        var data = configuration.Flag("Parameters:keepData") == false ? Lost : Kept;
        await Confirmation.AskAsync(context, $"Remove the stack {App.StackName} in {region}? {data}");
        await RunAsync(context, ["destroy", "--app", App.Folder, "--force"]);
        LogRemoved(context.Logger, App.StackName, region, data);
        context.Summary.Add("Removed", $"{App.StackName} in {region}");
        context.Summary.Add("Data", data);
    }

    private static string OutputFolder(PipelineStepContext context) => context.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory();

    private static Task RunAsync(PipelineStepContext context, IReadOnlyList<string> arguments) =>
        new CdkCommand(CdkProgram.Find(SearchPath), OutputFolder(context), line => LogLine(context.Logger, line))
            .RunAsync(arguments, context.CancellationToken);

    // Aspire shows the message of this exception type unchanged.
    private static T Checked<T>(Func<T> check)
    {
        try
        {
            return check();
        }
        catch (Exception problem) when (problem is StackSettingException or EngineException)
        {
            throw new DistributedApplicationException(problem.Message, problem);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The stack {Name} is written: {Template}")]
    private static partial void LogWritten(ILogger logger, string name, string template);

    [LoggerMessage(Level = LogLevel.Information, Message = "The stack {Name} in {Region} is removed. {Data}")]
    private static partial void LogRemoved(ILogger logger, string name, string region, string data);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Line}")]
    private static partial void LogLine(ILogger logger, string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "certificateArn is not set: the load balancers are inside the VPC, without TLS.")]
    private static partial void LogInside(ILogger logger);
}
