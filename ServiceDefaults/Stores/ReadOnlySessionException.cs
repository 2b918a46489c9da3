using Npgsql;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// A new session may only read, and belongs to a service that writes: it is refused before it gets into the
/// pool, and a later one may be another.
/// </summary>
public sealed class ReadOnlySessionException() : NpgsqlException("Postgres lets this service only read now: the server is a standby, or its role is read-only.");
