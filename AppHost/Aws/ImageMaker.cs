using Orders.Engines.Processes;

namespace Orders.AppHost.Aws;

/// <summary>Docker, with which images are made and pushed as the stack is deployed.</summary>
internal static class ImageMaker
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Asks whether it answers.</summary>
    /// <param name="images">The parameters in whose place an image is made.</param>
    /// <param name="variable">An environment variable by its name; <c>CDK_DOCKER</c> names another program
    /// than <c>docker</c>.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="DistributedApplicationException">Images have to be made, and it does not
    /// answer.</exception>
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

    // Listing containers needs the daemon; asking for the version does not.
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
