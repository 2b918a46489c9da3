using Npgsql;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// Recognises that what answered is not Postgres. Npgsql reports many such answers by exceptions of other
/// kinds (InvalidOperationException, ArgumentException, DecoderFallbackException …), which look like faults
/// of our own code: only the place where they are thrown tells them apart.
/// </summary>
public static class PostgresNonsense
{
    private static readonly string[] WhereAnswersAreRead =
        ["at Npgsql.Internal.NpgsqlConnector.", "at Npgsql.NpgsqlDataReader.", "at Npgsql.Internal.NpgsqlReadBuffer.", "at Npgsql.Internal.PgReader."];

    // A value that cannot be sent is a fault of the value.
    private static readonly string[] WhereValuesAreWritten = ["at Npgsql.Internal.PgWriter.", "at Npgsql.Internal.NpgsqlWriteBuffer.", "at Npgsql.NpgsqlParameter"];

    /// <summary>Whether a failure was caused by an answer that Postgres does not give.</summary>
    /// <param name="failure">The failure of a connection or a statement.</param>
    public static bool IsOne(Exception? failure) =>
        failure is not (null or NpgsqlException or InvalidCastException or OperationCanceledException or ObjectDisposedException)
        && failure.StackTrace is { } trace
        && Array.Exists(WhereAnswersAreRead, place => trace.Contains(place, StringComparison.Ordinal))
        && !Array.Exists(WhereValuesAreWritten, place => trace.Contains(place, StringComparison.Ordinal));
}
