using Microsoft.AspNetCore.Http.HttpResults;
using Orders.ServiceDefaults.Errors;

namespace Orders.Query.Reading;

/// <summary>
/// What requests are answered with while Postgres does not answer: 503, and one line in the log for each
/// second of it.
/// </summary>
internal sealed partial class ReadModelAnswers(TimeProvider time, ILogger<ReadModelAnswers> logger) : IStoreFailures
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(1);

    private long _loggedAt;

    public ProblemHttpResult? Answer(Exception failure, HttpContext http)
    {
        if (ReadModelFaults.Explain(failure) is not { } detail)
        {
            return null;
        }

        Log(failure);
        return Problems.Unavailable(detail, RetryAfter);
    }

    // An outage fails every request: what the second one would say of it, the first one said.
    private void Log(Exception failure)
    {
        var last = Interlocked.Read(ref _loggedAt);
        var now = time.GetTimestamp();
        if ((last == 0 || time.GetElapsedTime(last, now) >= BetweenLines) && Interlocked.CompareExchange(ref _loggedAt, now, last) == last)
        {
            LogAway(logger, failure.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The read model does not answer: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);
}
