using DuckDB.NET.Data;

namespace Orders.Warehouse.Logs;

/// <summary>
/// Writes Parquet files with DuckDB: its appender, then COPY. No other way was nearly as fast.
/// </summary>
internal static class ParquetFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">The file to write; one that is there is replaced.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="append">Appends the rows.</param>
    /// <returns>The size of the file.</returns>
    public static long Write(string path, LogSchema schema, Action<DuckDBAppender> append)
    {
        using var connection = Duck.Open();
        connection.Execute($"CREATE TABLE {LogSchema.Rows} ({schema.Table})");
        using (var appender = connection.CreateAppender(LogSchema.Rows))
        {
            append(appender);
        }

        // The files of past days are compressed more when they are put together.
        connection.Execute($"COPY (SELECT {schema.Select} FROM {LogSchema.Rows}) TO '{Quote(path)}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)");
        return new FileInfo(path).Length;
    }

    /// <summary>A text within quotes of SQL.</summary>
    public static string Quote(string text) => text.Replace("'", "''", StringComparison.Ordinal);
}
