using Npgsql;

namespace Orders.Sync.Snapshots;

/// <summary>Tells failures that pass from those that come again with the same rows.</summary>
internal static class StoreFailures
{
    /// <summary>A serialization failure, a deadlock, and a database that stops, starts or is full: all pass without the rows' doing.</summary>
    public static bool IsTransient(Exception failure) => failure switch
    {
        PostgresException refused => refused.IsTransient || refused.SqlState[..2] is "40" or "53" or "57" or "58" or "08",
        NpgsqlException or TimeoutException or IOException => true,
        _ => false,
    };
}
