#pragma warning disable ASPIREPIPELINES001 // May change in a later Aspire; its version is pinned.
using Aspire.Hosting.Pipelines;

namespace Orders.AppHost.Aws;

/// <summary>The stack for AWS as steps of Aspire's pipeline.</summary>
internal static class AwsPipeline
{
    private const string Synthesize = "cdk-synth";
    private const string Check = "cdk-check";
    private const string Deploy = "cdk-deploy";
    private const string Destroy = "cdk-destroy";

    /// <summary>
    /// Makes <c>aspire publish</c> write the stack, <c>aspire deploy</c> deploy it and <c>aspire destroy</c>
    /// remove it. The steps do not wait for Aspire's own preparation, which would ask for the connection
    /// strings of the manifest: here only the stack has parameters.
    /// </summary>
    public static void AddAwsStack(this IDistributedApplicationBuilder builder)
    {
        var steps = new StackSteps(builder.Configuration, Path.GetFullPath("..", builder.AppHostDirectory));
        builder.Pipeline.AddStep(Synthesize, steps.SynthesizeAsync, requiredBy: WellKnownPipelineSteps.Publish);
        builder.Pipeline.AddStep(Check, steps.CheckAsync, dependsOn: Synthesize);
        builder.Pipeline.AddStep(Deploy, steps.DeployAsync, dependsOn: Check, requiredBy: WellKnownPipelineSteps.Deploy);
        builder.Pipeline.AddStep(Destroy, steps.DestroyAsync, dependsOn: Synthesize, requiredBy: WellKnownPipelineSteps.Destroy);
        PipelineConsole.Use(builder);
    }
}
