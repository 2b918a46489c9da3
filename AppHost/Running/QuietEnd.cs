using Microsoft.Extensions.Logging;

namespace Orders.AppHost.Running;

/// <summary>
/// Ends what the platform logs of itself once the services have stopped. A stop in the middle of a start takes from its parts what they still use, and they say
/// so with their stacks, when nobody needs them any more.
/// </summary>
internal sealed class QuietEnd
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
        logging.AddFilter("Aspire.Hosting.Dcp", level => level >= LogLevel.Information && !_begun);
    }
}
