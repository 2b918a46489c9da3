using Npgsql;

namespace Orders.Query;

/// <summary>Which failures of Postgres mean that it cannot answer now, as opposed to a fault of ours.</summary>
internal static class ReadModelFaults
{
    public const string Away = "The read model does not answer. Orders that are cached can still be read by id.";
    public const string NotThereYet = "The read model is not there yet: Orders.Sync makes it when it starts.";

    /// <summary>What to tell the caller with a 503; null for a failure that is none of these.</summary>
    public static string? Explain(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.InvalidCatalogName } =>
            NotThereYet,
        // It is of an older version.
        PostgresException { SqlState: PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction } => NotThereYet,
        // Stopping, starting, out of connections or memory, a deadlock, a cancelled statement, credentials or rights that it does not take any more.
        PostgresException { IsTransient: true } => Away,
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            Away,
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => Away,
        PostgresException => null,
        NpgsqlException or TimeoutException => Away,
        _ => null,
    };
}
