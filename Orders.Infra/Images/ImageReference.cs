using System.Text.RegularExpressions;
using Amazon.CDK.AWS.ECR;
using Amazon.CDK.AWS.ECS;
using Constructs;

namespace Orders.Infra.Images;

/// <summary>A container image by its reference.</summary>
internal static partial class ImageReference
{
    private const int MatchMilliseconds = 1_000;

    /// <summary>
    /// For an image in the account's own registry, the task's execution role gets the permission to pull it;
    /// any other image must be public for it.
    /// </summary>
    public static ContainerImage Of(Construct scope, string id, string image)
    {
        var own = OwnRegistry().Match(image);
        return own.Success
            ? ContainerImage.FromEcrRepository(Repository.FromRepositoryName(scope, id, own.Groups["name"].Value), own.Groups["tag"].Value)
            : ContainerImage.FromRegistry(image);
    }

    [GeneratedRegex(@"^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/(?<name>[a-z0-9._/-]+):(?<tag>[A-Za-z0-9._-]+)$", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex OwnRegistry();
}
