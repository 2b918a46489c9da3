using DynamoStreams.Applying;
using DynamoStreams.Postgres;
using Npgsql;

namespace Orders.Sync.Projection;

/// <summary>Whose fault a failed projection is.</summary>
internal static class ProjectionFailures
{
    public static FailureKind Classify(Exception failure) => failure switch
    {
        // Redis is not as it was when the changes were announced there: they are announced anew.
        PostgresException { SqlState: ReadModelSqlStates.CacheIdentityLost or ReadModelSqlStates.CacheNotSuspended } => FailureKind.Passing,
        _ => PostgresFailures.Classify(failure),
    };
}
