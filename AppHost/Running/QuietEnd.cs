using Microsoft.Extensions.Logging;

namespace Orders.AppHost.Running;

/// <summary>
/// Silences the platform's own logging once the services have stopped. A stop during start-up disposes what
/// other parts still use; they then log exceptions with stack traces that no longer matter. So do those that
/// read from an orchestrator which has gone away.
/// </summary>
internal sealed class QuietEnd(Orchestrator orchestrator)
{
    private volatile bool _begun;

    /// <summary>Nothing is written from now on.</summary>
    public void Begin() => _begun = true;

    /// <summary>Adds the filters.</summary>
    /// <param name="logging">Where.</param>
    public void Filter(ILoggingBuilder logging)
    {
        // A failure of the start is thrown too, and ends AppHost with its message.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Critical && !_begun);
        logging.AddFilter("Aspire.Hosting.Dcp", level => level >= LogLevel.Information && !_begun && !orchestrator.IsGone);
    }
}
