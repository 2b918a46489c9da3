using System.Globalization;
using DuckDB.NET.Data;

namespace Orders.Warehouse.Logs;

/// <summary>
/// Databases of DuckDB that this program itself works with; no query of others runs in them. None downloads
/// an extension.
/// </summary>
internal static class Duck
{
    /// <summary>Opens one.</summary>
    /// <param name="file">Its file; null for one in memory.</param>
    /// <param name="readOnly">Whether it is only read.</param>
    /// <param name="threads">How many threads a statement has: one, where several are at work at a
    /// time.</param>
    public static DuckDBConnection Open(string? file = null, bool readOnly = false, int threads = 1)
    {
        var source = file is null ? ":memory:" : $"\"{file}\"";
        var connection = new DuckDBConnection(string.Create(
            CultureInfo.InvariantCulture,
            $"DataSource={source};threads={threads};memory_limit=1GB;autoinstall_known_extensions=false;autoload_known_extensions=false{(readOnly ? ";access_mode=READ_ONLY" : "")}"));
        connection.Open();
        return connection;
    }

    /// <summary>Runs statements.</summary>
    /// <returns>The rows that the last one copied or changed.</returns>
    public static long Execute(this DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    /// <summary>Runs a query.</summary>
    /// <returns>The first value of its answer.</returns>
    public static object? Scalar(this DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
