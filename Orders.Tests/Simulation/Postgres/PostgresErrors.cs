using Npgsql;

namespace Orders.Tests.Simulation.Postgres;

/// <summary>What the product gets from Npgsql when something goes wrong.</summary>
internal static class PostgresErrors
{
    public static Exception Of(string sqlState, string message) => new PostgresException(message, "ERROR", "ERROR", sqlState);

    /// <summary>No answer, or no connection.</summary>
    public static Exception Lost(string how) => how == "refused"
        ? new NpgsqlException("Failed to connect (simulated)")
        : new NpgsqlException("Exception while reading from stream (simulated)", new TimeoutException());
}
