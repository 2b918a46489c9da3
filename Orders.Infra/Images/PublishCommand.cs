namespace Orders.Infra.Images;

/// <summary>
/// The command that makes a .NET service's image in the container runtime of the machine that deploys. The
/// CDK runs it in the folder of the cloud assembly, and takes what it prints on its standard output, all of
/// it, for the image's name.
/// </summary>
internal static class PublishCommand
{
    private const int TagLength = 12;

    /// <summary>The command's words.</summary>
    /// <param name="projectFile">The project's path, seen from the folder of the cloud assembly.</param>
    /// <param name="name">The image's name.</param>
    /// <param name="sourceHash">What its tag is made of.</param>
    public static string[] Of(string projectFile, string name, string sourceHash)
    {
        var tag = sourceHash[..TagLength];
        return
        [
            "dotnet", "publish", projectFile, "-t:PublishContainer", "--os", "linux", "--arch", "x64",
            $"-p:ContainerRepository={name}", $"-p:ContainerImageTag={tag}",
            // Apart from bin and obj of the sources, and of the other services: several may be made at once.
            // Below a folder with a dot, since the assembly may stand in a project's folder, whose build
            // would take what is generated here for its own.
            "--artifacts-path", $".publish/{name}",
            // With -getProperty MSBuild prints the property's value and nothing else; errors go to the
            // standard error output.
            $"-p:LocalImage={name}:{tag}", "-getProperty:LocalImage",
        ];
    }
}
