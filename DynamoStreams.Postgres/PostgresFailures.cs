using DynamoStreams.Applying;
using Npgsql;

namespace DynamoStreams.Postgres;

/// <summary>
/// Whose fault a failed batch is, by the classes of Postgres' SQLSTATEs (its documentation, appendix A).
/// </summary>
public static class PostgresFailures
{
    /// <summary>For a handler's <see cref="IBatchHandler.Classify"/>.</summary>
    /// <param name="failure">What a batch failed with.</param>
    public static FailureKind Classify(Exception failure) => failure switch
    {
        PostgresException refused => Classify(refused.SqlState),

        // A statement that ran into the client's time limit. A connection that did looks the same; then
        // smaller batches do no harm.
        NpgsqlException { InnerException: TimeoutException } => FailureKind.Slow,
        NpgsqlException or TimeoutException or IOException or OperationCanceledException or ObjectDisposedException => FailureKind.Passing,
        InvalidOperationException or OutOfMemoryException => FailureKind.Setup,

        // What is left is thrown by the handler's own reading and rendering: by something in a record that
        // nobody thought of.
        _ => FailureKind.Record,
    };

    // What is in neither list is taken for the set-up, 42 (missing table, column, right) and 28 (sign-in)
    // above all: blaming records would set all of them aside, one after the other, and waiting silently
    // would tell nobody.
    private static FailureKind Classify(string state) => (state, state[..2]) switch
    {
        // The server's own time limit, statement_timeout.
        (PostgresErrorCodes.QueryCanceled, _) => FailureKind.Slow,

        // A full disk is given back by a person.
        (PostgresErrorCodes.DiskFull, _) => FailureKind.Setup,

        // Data that a type, a constraint, a view's condition or a limit refuses (54000: a text too long for
        // its index), and what a trigger raises.
        (_, "21" or "22" or "23" or "44" or "54") or (PostgresErrorCodes.RaiseException, _) => FailureKind.Record,

        // Lost connections; a server that has become read-only, as the old one of a fail-over; serialization
        // failures and deadlocks; too many connections or locks; objects in use; a server that stops, starts
        // or cancels; its system's failures.
        (_, "08" or "25" or "40" or "53" or "55" or "57" or "58") => FailureKind.Passing,
        _ => FailureKind.Setup,
    };
}
