using Orders.Engines;
using Orders.Engines.Npm;

namespace Orders.Local.Gateway;

/// <summary>Orders.GraphQL, which everything else runs without.</summary>
internal static class GatewayProgram
{
    /// <summary>Its name, for messages.</summary>
    public const string Name = "Orders.GraphQL";

    /// <summary>Makes it ready. Null, and a line that says why, where that cannot be done.</summary>
    /// <param name="options">Where Node, npm and the cache are.</param>
    /// <param name="progress">Hears of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
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
