using Npgsql;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.Stores;

namespace Orders.Query.Reading;

/// <summary>Separates failures that mean Postgres cannot answer now from faults of this service.</summary>
internal static class ReadModelFaults
{
    public const string Away = "The read model does not answer. Orders that are cached can still be read by id.";
    public const string NotThereYet = "The read model is not there yet: Orders.Sync makes it when it starts.";

    /// <summary>The text for the 503; null for any other failure.</summary>
    public static string? Explain(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName } => NotThereYet,
        // The database has an older version.
        PostgresException { SqlState: PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction } => NotThereYet,
        // Stopping, starting, out of connections or memory, a deadlock or a cancelled statement.
        PostgresException { IsTransient: true } or PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => Away,
        // Credentials, permissions or a name: waiting does not help.
        NpgsqlException when PostgresFaults.Describe(failure) is { } fault => $"The read model's database {fault}. Orders that are cached can still be read by id.",
        PostgresException => null,
        NpgsqlException or TimeoutException => Away,
        // Not a failure of Postgres, and as passing as one.
        BusyException => failure.Message,
        _ => null,
    };
}
