using Npgsql;

namespace DynamoStreams.Postgres;

/// <summary>
/// Recognises that what answered is not Postgres. Npgsql reports many such answers by exceptions of other
/// kinds, which look like faults of a record: only the place where they are thrown tells them apart.
/// </summary>
internal static class ForeignAnswer
{
    private static readonly string[] WhereAnswersAreRead =
        ["at Npgsql.Internal.NpgsqlConnector.", "at Npgsql.NpgsqlDataReader.", "at Npgsql.Internal.NpgsqlReadBuffer.", "at Npgsql.Internal.PgReader."];

    // A value that cannot be sent is a fault of the value.
    private static readonly string[] WhereValuesAreWritten = ["at Npgsql.Internal.PgWriter.", "at Npgsql.Internal.NpgsqlWriteBuffer.", "at Npgsql.NpgsqlParameter"];

    /// <summary>Whether a failure was caused by an answer that Postgres does not give.</summary>
    public static bool IsCauseOf(Exception failure) =>
        failure is not (NpgsqlException or InvalidCastException)
        && failure.StackTrace is { } trace
        && Array.Exists(WhereAnswersAreRead, place => trace.Contains(place, StringComparison.Ordinal))
        && !Array.Exists(WhereValuesAreWritten, place => trace.Contains(place, StringComparison.Ordinal));
}
