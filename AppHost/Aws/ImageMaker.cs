using Orders.Engines.Processes;

namespace Orders.AppHost.Aws;

/// <summary>Docker, which builds and pushes the images when the stack is deployed.</summary>
internal static class ImageMaker
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Checks that Docker responds.</summary>
    /// <param name="images">The parameters for which an image is built, since none was named.</param>
    /// <param name="variable">Reads an environment variable; <c>CDK_DOCKER</c> names another program than
    /// <c>docker</c>.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <exception cref="DistributedApplicationException">Images must be built, and Docker does not
    /// respond.</exception>
    public static async Task CheckAsync(IReadOnlyList<string> images, Func<string, string?> variable, CancellationToken cancellationToken)
    {
        if (images.Count == 0)
        {
            return;
        }

        var name = variable("CDK_DOCKER") is { Length: > 0 } other ? other : "docker";
        var program = Path.IsPathRooted(name) ? name : Executables.Find(name, variable("PATH") ?? "");
        if (await FaultAsync(program, cancellationToken) is { } fault)
        {
            throw new DistributedApplicationException(
                $"{name}: It {fault}, and is to make {string.Join(", ", images)}. Start it, name images of a registry by these parameters, "
                + "or another program in CDK_DOCKER.");
        }
    }

    // Listing containers needs the daemon; printing the version does not.
    private static async Task<string?> FaultAsync(string? program, CancellationToken cancellationToken)
    {
        if (program is null)
        {
            return "is not installed";
        }

        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Patience);
        try
        {
            var answer = await ShortProcess.RunAsync(program, ["ps", "-q"], Environment.CurrentDirectory, bound.Token);
            return answer.ExitCode == 0 ? null : "does not answer";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"does not answer within {Patience.TotalSeconds:0} s";
        }
    }
}
