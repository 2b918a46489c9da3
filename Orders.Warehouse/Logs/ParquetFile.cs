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

    /// <summary>The rows of files as a relation of SQL, whatever columns each has.</summary>
    /// <param name="files">The files, at least one.</param>
    public static string Rows(IEnumerable<string> files) =>
        $"read_parquet([{string.Join(", ", files.Select(file => $"'{Quote(file)}'"))}], union_by_name = true, hive_partitioning = false)";

    /// <summary>A text within quotes of SQL.</summary>
    public static string Quote(string text) => text.Replace("'", "''", StringComparison.Ordinal);
}
