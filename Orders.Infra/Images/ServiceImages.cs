using Amazon.CDK;
using Amazon.CDK.AWS.Ecr.Assets;
using Amazon.CDK.AWS.ECR;
using Amazon.CDK.AWS.ECS;
using Orders.Infra.Settings;

namespace Orders.Infra.Images;

/// <summary>
/// The services' images: the one in the parameter, else one that is built from the sources during the
/// deployment.
/// </summary>
/// <param name="stack">The stack.</param>
/// <param name="sourceFolder">The folder of the solution.</param>
/// <param name="outputFolder">The folder of the cloud assembly.</param>
internal sealed class ServiceImages(Stack stack, string sourceFolder, string outputFolder)
{
    /// <summary>The image of a .NET service.</summary>
    /// <param name="id">The service's name in the template.</param>
    /// <param name="parameter">The parameter that may name an image, with what it names.</param>
    /// <param name="project">The service's project, for example <c>Orders.Api</c>.</param>
    /// <exception cref="StackSettingException">Neither an image nor the project exists.</exception>
    public ContainerImage DotNet(string id, (string Name, string? Image) parameter, string project)
    {
        if (parameter.Image is { } image)
        {
            return ImageReference.Of(stack, $"{id}Image", image);
        }

        var file = ProjectSources.Find(sourceFolder, project, $"{project}.csproj", parameter.Name);
        var hash = ProjectSources.Hash(sourceFolder, file);
        var made = stack.Synthesizer.AddDockerImageAsset(new DockerImageAssetSource
        {
            AssetName = $"{id}Image",
            SourceHash = hash,
            Executable = PublishCommand.Of(SeenFromOutput(file), project.ToLowerInvariant().Replace('.', '-'), hash),
        });
        return ContainerImage.FromEcrRepository(Repository.FromRepositoryName(stack, $"{id}Image", made.RepositoryName), made.ImageTag);
    }

    /// <summary>
    /// The image of a service that has a Dockerfile. The parameters are those of <see cref="DotNet"/>.
    /// </summary>
    /// <exception cref="StackSettingException">Neither an image nor the folder exists.</exception>
    public ContainerImage Dockerfile(string id, (string Name, string? Image) parameter, string folder) =>
        parameter.Image is { } image
            ? ImageReference.Of(stack, $"{id}Image", image)
            : ContainerImage.FromAsset(
                Path.GetDirectoryName(ProjectSources.Find(sourceFolder, folder, "Dockerfile", parameter.Name))!,
                new AssetImageProps { Platform = Platform_.LINUX_AMD64 });

    // Relative if possible, so that the sources can be moved together with the assembly.
    private string SeenFromOutput(string file) =>
        outputFolder.StartsWith(sourceFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? Path.GetRelativePath(outputFolder, file) : file;
}
