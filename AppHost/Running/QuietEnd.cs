using Microsoft.Extensions.Logging;

namespace Orders.AppHost.Running;

/// <summary>
/// Silences the platform's own logging once the services have stopped. A stop during start-up disposes
/// objects that other parts still use; their exceptions, with stack traces, no longer matter. The same holds
/// for parts that read from an orchestrator that has ended.
/// </summary>
internal sealed class QuietEnd(Orchestrator orchestrator)
{
    private volatile bool _begun;

    /// <summary>From now on nothing is logged.</summary>
    public void Begin() => _begun = true;

    /// <summary>Adds the filters.</summary>
    /// <param name="logging">The logging to filter.</param>
    public void Filter(ILoggingBuilder logging)
    {
        // A failure of the start is also thrown, and AppHost ends with its message.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Critical && !_begun);
        logging.AddFilter("Aspire.Hosting", level => level >= LogLevel.Information && !_begun && !orchestrator.IsGone);
        logging.AddFilter("Aspire.Hosting.Dcp", level => level >= LogLevel.Information && !_begun && !orchestrator.IsGone);
    }
}
