using DynamoStreams.Applying;
using Npgsql;

namespace DynamoStreams.Postgres;

/// <summary>
/// Classifies failures by the class of their SQLSTATE (Postgres documentation, appendix A).
/// <see href="https://www.postgresql.org/docs/current/errcodes-appendix.html"/>
/// </summary>
public static class PostgresFailures
{
    /// <summary>For a handler's <see cref="IBatchHandler.Classify"/>.</summary>
    /// <param name="failure">The failure of a batch.</param>
    public static FailureKind Classify(Exception failure) => failure switch
    {
        PostgresException refused => Classify(refused.SqlState),

        // A statement hit the client's time limit. A time-out of the connection looks the same; smaller
        // batches do no harm then.
        NpgsqlException { InnerException: TimeoutException } => FailureKind.Slow,
        NpgsqlException or TimeoutException or IOException or OperationCanceledException or ObjectDisposedException => FailureKind.Passing,
        _ when ForeignAnswer.IsCauseOf(failure) => FailureKind.Passing,
        InvalidOperationException or OutOfMemoryException => FailureKind.Setup,

        // Any other exception comes from the handler's own code, so some record is unexpected.
        _ => FailureKind.Record,
    };

    // All other classes count as faults of the set-up, above all 42 (missing table, column or permission)
    // and 28 (authentication). If they were blamed on records, every record would be set aside; if they were
    // retried silently, the fault would stay unseen.
    private static FailureKind Classify(string state) => (state, state[..2]) switch
    {
        // The server's own time limit, statement_timeout.
        (PostgresErrorCodes.QueryCanceled, _) => FailureKind.Slow,

        // A full disk needs an operator.
        (PostgresErrorCodes.DiskFull, _) => FailureKind.Setup,

        // Data that violates a type, a constraint, a view's condition or a limit (54000: a text too long for
        // its index), and errors that a trigger raises.
        (_, "21" or "22" or "23" or "44" or "54") or (PostgresErrorCodes.RaiseException, _) => FailureKind.Record,

        // Lost connections; a server that has become read-only, as the old primary does after a failover;
        // serialization failures and deadlocks; too many connections or locks; objects in use; a server that
        // stops, starts or cancels; errors of its operating system.
        (_, "08" or "25" or "40" or "53" or "55" or "57" or "58") => FailureKind.Passing,
        _ => FailureKind.Setup,
    };
}
