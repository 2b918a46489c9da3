using DuckDB.NET.Data;

namespace Orders.Warehouse.Logs;

/// <summary>
/// Writes Parquet files with DuckDB: its appender, then COPY. No other way was nearly as fast.
/// </summary>
internal static class ParquetFile
{
    // A file's rows are in memory once more while it is written; one thread, since several files are written
    // at a time. Nothing is read from anywhere.
    private const string Settings = "DataSource=:memory:;threads=1;memory_limit=1GB;autoinstall_known_extensions=false;autoload_known_extensions=false";

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file to write; one that is there is replaced.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="append">Appends the rows.</param>
    /// <returns>The size of the file.</returns>
    public static long Write(string path, LogSchema schema, Action<DuckDBAppender> append)
    {
        using var connection = new DuckDBConnection(Settings);
        connection.Open();
        Execute(connection, $"CREATE TABLE {LogSchema.Rows} ({schema.Table})");
        using (var appender = connection.CreateAppender(LogSchema.Rows))
        {
            append(appender);
        }

        Execute(connection, $"COPY (SELECT {schema.Select} FROM {LogSchema.Rows}) TO '{Quote(path)}' (FORMAT parquet, COMPRESSION zstd)");
        return new FileInfo(path).Length;
    }

    /// <summary>A text within quotes of SQL.</summary>
    public static string Quote(string text) => text.Replace("'", "''", StringComparison.Ordinal);

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
