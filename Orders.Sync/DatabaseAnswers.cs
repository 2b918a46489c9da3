using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.Stores;

namespace Orders.Sync;

/// <summary>
/// Answers 503 while the database is unavailable: neither the request nor this service is at fault.
/// </summary>
internal sealed partial class DatabaseAnswers(ILogger<DatabaseAnswers> logger) : IStoreFailures
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public ProblemHttpResult? Answer(Exception failure, HttpContext http)
    {
        if (!PostgresFaults.IsNoAnswer(failure) || failure is PostgresException { IsTransient: false })
        {
            return null;
        }

        LogAway(failure.Message);
        return Problems.Unavailable("The read model's database does not answer.", RetryAfter);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An operation could not reach Postgres: {Reason}")]
    private partial void LogAway(string reason);
}
