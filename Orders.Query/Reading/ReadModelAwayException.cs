using Npgsql;

namespace Orders.Query.Reading;

/// <summary>
/// Postgres did not answer in time, or was not called because the circuit breaker is open.
/// </summary>
internal sealed class ReadModelAwayException(string message, Exception? cause = null) : NpgsqlException(message, cause);
