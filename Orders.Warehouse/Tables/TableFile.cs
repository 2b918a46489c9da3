using DuckDB.NET.Data;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Logs;

namespace Orders.Warehouse.Tables;

/// <summary>Changes of one table, schema and day, in order.</summary>
/// <param name="rows">The changes; at least one.</param>
internal sealed class TableFile(IReadOnlyList<TableRow> rows)
{
    /// <summary>The changes.</summary>
    public IReadOnlyList<TableRow> Rows => rows;

    /// <summary>Their log.</summary>
    public string Log => rows[0].Log;

    /// <summary>Their schema.</summary>
    public TableSchema Schema => rows[0].Schema;

    /// <summary>The largest commit time.</summary>
    public DateTime ChangedTo { get; } = rows.Max(row => row.CommittedAt);

    /// <summary>What tells it from every other file.</summary>
    public (string Log, DateOnly Day, string First, string Last) Place => (Log, rows[0].Day, rows[0].Place.ToString(), rows[^1].Place.ToString());

    /// <summary>Values that their types in the file cannot hold.</summary>
    public long Misfits { get; } = rows.Sum(row => row.Values.Where((value, column) => value is not null && !TableRow.IsUnchanged(value) && !row.Schema.Columns[column].Type.Fits(value)).LongCount());

    /// <summary>What is noted of it.</summary>
    public FileDraft Draft() => new(Log, rows[0].Day, $"sql-{rows[0].Place}-{rows[^1].Place}.parquet", rows[0].Place.ToString(), rows[^1].Place.ToString(), rows.Count);

    /// <summary>Writes it.</summary>
    /// <param name="path">A local path.</param>
    /// <returns>Its size.</returns>
    public long Write(string path) => ParquetFile.Write(path, Schema.File, appender =>
    {
        foreach (var row in rows)
        {
            Append(appender, row);
        }
    });

    private void Append(DuckDBAppender appender, TableRow row)
    {
        var line = appender.CreateRow()
            .AppendValue(row.Change)
            .AppendValue(row.Key)
            .AppendValue(row.Place.LsnText)
            .AppendValue((long?)row.Place.Ordinal)
            .AppendValue((DateTime?)row.CommittedAt)
            .AppendValue(row.Xid)
            .AppendValue(row.Text ?? (row.Change == TableChange.Truncate ? null : RowJson.Row(row.Schema.Columns, row.Values)));
        for (var column = 0; column < Schema.Columns.Count; column++)
        {
            var value = row.Values.Length == 0 || TableRow.IsUnchanged(row.Values[column]) ? null : row.Values[column];
            line = line.AppendValue(Schema.Columns[column].Type.Prepare(value));
        }

        line.EndRow();
    }
}
