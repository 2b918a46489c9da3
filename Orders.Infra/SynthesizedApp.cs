namespace Orders.Infra;

/// <summary>The synthesized stack, for <c>cdk deploy --app &lt;folder&gt;</c>.</summary>
/// <param name="Folder">The full path of the cloud assembly.</param>
/// <param name="StackName">The stack's name in CloudFormation.</param>
/// <param name="Region">The stack's region; null for that of the command line that deploys it.</param>
/// <param name="ImagesToMake"> The parameters, for example <c>apiImage</c>, for which an image is built
/// during the deployment. If there are any, the deploying machine needs a running container runtime.
/// </param>
public sealed record SynthesizedApp(string Folder, string StackName, string? Region, IReadOnlyList<string> ImagesToMake)
{
    /// <summary>The full path of the template.</summary>
    public string Template => Path.Combine(Folder, $"{StackName}.template.json");
}
