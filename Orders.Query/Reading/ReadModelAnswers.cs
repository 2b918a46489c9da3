using Microsoft.AspNetCore.Http.HttpResults;
using Orders.ServiceDefaults.Errors;

namespace Orders.Query.Reading;

/// <summary>Answers 503 while Postgres does not answer, and logs at most one line a second.</summary>
internal sealed partial class ReadModelAnswers(TimeProvider time, ILogger<ReadModelAnswers> logger) : IStoreFailures
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(1);

    private long _loggedAt;

    public ProblemHttpResult? Answer(Exception failure, HttpContext http)
    {
        if (failure is BusyException busy)
        {
            return busy.Answer();
        }

        if (ReadModelFaults.Explain(failure) is not { } detail)
        {
            return null;
        }

        Log(failure);
        return Problems.Unavailable(detail, RetryAfter);
    }

    // An outage fails every request; one log line is enough.
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
