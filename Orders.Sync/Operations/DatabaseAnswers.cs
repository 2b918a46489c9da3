using Npgsql;
using Orders.ServiceDefaults;

namespace Orders.Sync.Operations;

/// <summary>A database that is away is no fault of the request, nor of this service: 503.</summary>
internal sealed partial class DatabaseAnswers(ILogger<DatabaseAnswers> logger) : IEndpointFilter
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (NpgsqlException away) when (away is not PostgresException { IsTransient: false })
        {
            LogAway(away.Message);
            return Problems.Unavailable("The read model's database does not answer.", RetryAfter);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An operation could not reach Postgres: {Reason}")]
    private partial void LogAway(string reason);
}
