using DuckDB.NET.Data;

namespace Orders.Warehouse.Embedded;

/// <summary>
/// Databases of DuckDB that this program itself works with; no query of others runs in them.
/// </summary>
internal static class Duck
{
    private const string Settings = "threads=1;memory_limit=1GB;autoinstall_known_extensions=false;autoload_known_extensions=false";

    /// <summary>Opens one.</summary>
    /// <param name="file">Its file; null for one in memory.</param>
    /// <param name="readOnly">Whether it is only read.</param>
    public static DuckDBConnection Open(string? file = null, bool readOnly = false)
    {
        var connection = new DuckDBConnection($"DataSource={(file is null ? ":memory:" : $"\"{file}\"")};{Settings}{(readOnly ? ";access_mode=READ_ONLY" : "")}");
        connection.Open();
        return connection;
    }

    /// <summary>Runs statements.</summary>
    public static void Execute(this DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
