using Npgsql;

namespace Orders.Query.Reading;

/// <summary>
/// There was no answer of Postgres in time, or it was not asked because none is to be expected.
/// </summary>
internal sealed class ReadModelAwayException(string message, Exception? cause = null) : NpgsqlException(message, cause);
