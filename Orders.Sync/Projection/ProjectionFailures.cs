using DynamoStreams.Applying;
using DynamoStreams.Postgres;
using Npgsql;

namespace Orders.Sync.Projection;

/// <summary>Classifies failures of a projection.</summary>
internal static class ProjectionFailures
{
    public static FailureKind Classify(Exception failure) => failure switch
    {
        // The state of Redis changed since the announcement: the changes are announced again.
        PostgresException { SqlState: ReadModelSqlStates.CacheIdentityLost or ReadModelSqlStates.CacheNotSuspended } => FailureKind.Passing,
        _ => PostgresFailures.Classify(failure),
    };
}
