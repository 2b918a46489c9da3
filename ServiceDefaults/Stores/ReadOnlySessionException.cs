using Npgsql;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// A new session is read-only, but the service writes. It is rejected before it enters the pool; a later
/// session may be writable.
/// </summary>
public sealed class ReadOnlySessionException() : NpgsqlException("Postgres lets this service only read now: the server is a standby, or its role is read-only.");
