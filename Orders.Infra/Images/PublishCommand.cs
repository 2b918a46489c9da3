namespace Orders.Infra.Images;

/// <summary>
/// The command that builds a .NET service's image in the container runtime of the deploying machine. The CDK
/// runs it in the folder of the cloud assembly, and uses its complete standard output as the image's name.
/// </summary>
internal static class PublishCommand
{
    private const int TagLength = 12;

    /// <summary>The command's words.</summary>
    /// <param name="projectFile">The project's path, seen from the folder of the cloud assembly.</param>
    /// <param name="name">The image's name.</param>
    /// <param name="sourceHash">The source of its tag.</param>
    public static string[] Of(string projectFile, string name, string sourceHash)
    {
        var tag = sourceHash[..TagLength];
        return
        [
            "dotnet", "publish", projectFile, "-t:PublishContainer", "--os", "linux", "--arch", "x64",
            $"-p:ContainerRepository={name}", $"-p:ContainerImageTag={tag}",
            // Separate from bin and obj of the sources and of other services, since several images may be
            // built at once. Under a folder with a leading dot, since the assembly may be inside a project's
            // folder, whose build would include the generated files.
            "--artifacts-path", $".publish/{name}",
            // With -getProperty MSBuild prints the property's value and nothing else; errors go to the
            // standard error output.
            $"-p:LocalImage={name}:{tag}", "-getProperty:LocalImage",
        ];
    }
}
