using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Tables;

namespace Orders.Warehouse.Redshift;

/// <summary>
/// Changes of an SQL table as COPY reads them. Each value is made of the column <c>_row</c>, which has the
/// texts of Postgres: so it is exact, and files of any schema go together.
/// </summary>
internal static class StagedRows
{
    private const string Own = "_change VARCHAR, _key VARCHAR, _lsn VARCHAR, _ordinal BIGINT, _committed_at VARCHAR, _xid BIGINT, _row VARCHAR, day VARCHAR";

    private const string Select =
        "_change, _key, _lsn, _ordinal, (_committed_at AT TIME ZONE 'UTC')::VARCHAR, _xid, _row, ((_committed_at AT TIME ZONE 'UTC')::DATE)::VARCHAR";

    /// <summary>The name of a staged column.</summary>
    /// <param name="at">Its number, from 0.</param>
    public static string Column(int at) => $"_c{at.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Writes them.</summary>
    /// <param name="files">The files of the log, on this machine.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="scratch">A folder for as long as this runs.</param>
    /// <param name="path">Where to.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    public static void Write(IEnumerable<string> files, IReadOnlyList<RedshiftColumn> columns, string scratch, string path, CancellationToken cancellationToken)
    {
        using var connection = Duck.Open(Path.Combine(scratch, "staged.duckdb"));
        connection.Execute($"CREATE OR REPLACE TABLE rows ({string.Join(", ", columns.Select((_, at) => $"{Column(at)} VARCHAR").Prepend(Own))})");
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Append(connection, file, columns);
        }

        connection.Execute($"COPY rows {StagedFiles.To(path)}");
    }

    private static void Append(DuckDBConnection connection, string file, IReadOnlyList<RedshiftColumn> columns)
    {
        using var source = Duck.Open();
        using var reading = source.CreateCommand();
        reading.UseStreamingMode = true;
        reading.CommandText = $"SELECT {Select} FROM read_parquet('{ParquetFile.Quote(file)}', hive_partitioning = false)";
        using var reader = reading.ExecuteReader();
        using var appender = connection.CreateAppender("rows");
        while (reader.Read())
        {
            var text = reader.IsDBNull(6) ? null : reader.GetString(6);
            var row = text is null ? null : RowJson.Read(text);
            var line = appender.CreateRow()
                .AppendValue(reader.GetString(0))
                .AppendValue(reader.IsDBNull(1) ? null : reader.GetString(1))
                .AppendValue(reader.GetString(2))
                .AppendValue((long?)reader.GetInt64(3))
                .AppendValue(reader.GetString(4))
                .AppendValue(reader.IsDBNull(5) ? null : reader.GetInt64(5))
                .AppendValue(Bounded(text))
                .AppendValue(reader.GetString(7));
            foreach (var column in columns)
            {
                line = line.AppendValue(row is null ? null : Bounded(column.Stage(row)));
            }

            line.EndRow();
        }
    }

    // Redshift counts bytes.
    private static string? Bounded(string? text) =>
        text is null || (text.Length > RedshiftType.LongestText / 3 && Encoding.UTF8.GetByteCount(text) > RedshiftType.LongestText) ? null : text;
}
