using Orders.Engines;
using Orders.Engines.Npm;

namespace Orders.Local.Gateway;

/// <summary>Orders.GraphQL, an optional program.</summary>
internal static class GatewayProgram
{
    /// <summary>Its name, for messages.</summary>
    public const string Name = "Orders.GraphQL";

    /// <summary>Prepares it. If that fails, it reports the reason in one line and returns null.</summary>
    /// <param name="options">The search path and the cache folder.</param>
    /// <param name="progress">Receives the steps.</param>
    /// <param name="cancellationToken">Stops the preparation.</param>
    public static async Task<NodeProgram?> FindAsync(EngineOptions options, IProgress<EngineStep> progress, CancellationToken cancellationToken)
    {
        try
        {
            return await NodeProgram.PrepareAsync(Name, Path.Combine(AppContext.BaseDirectory, Name), options, progress, cancellationToken);
        }
        catch (EngineException failure)
        {
            progress.Report(new(Name, $"not started: {failure.Message}", TimeSpan.Zero));
            return null;
        }
    }
}
