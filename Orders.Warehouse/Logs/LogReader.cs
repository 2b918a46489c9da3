using System.Data.Common;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Logs;

/// <summary>Reads a log as the ledger has it: its live files, and no others.</summary>
internal sealed class LogReader(LiveFiles files, LakeMirror mirror)
{
    /// <summary>
    /// The newest state of each order, deletions among them, as common table expressions after
    /// <c>WITH log AS (…)</c>: <c>newest (order_id, l)</c>. It is the last of the stream, unless a snapshot
    /// found a higher version.
    /// </summary>
    public const string NewestOrders =
        """
        , states AS (
            SELECT order_id,
                   arg_max(struct_pack(version, change, merchant_id, customer_id, status, currency, amount, placed_at, item), sequence) FILTER (sequence IS NOT NULL) AS s,
                   arg_max(struct_pack(version, change, merchant_id, customer_id, status, currency, amount, placed_at, item), version) FILTER (sequence IS NULL) AS n
              FROM log GROUP BY order_id),
        newest AS (
            SELECT order_id, CASE WHEN s IS NULL OR n.version > s.version THEN n ELSE s END AS l FROM states)
        """;

    /// <summary>Runs a query over a log.</summary>
    /// <param name="log">The log.</param>
    /// <param name="sql">The query, of the relation <c>log</c>: what comes after
    /// <c>WITH log AS (…)</c>.</param>
    /// <param name="read">Reads a row.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The rows; none when the log has no file.</returns>
    /// <exception cref="LakeException">A file cannot be read.</exception>
    public async Task<List<T>> QueryAsync<T>(string log, string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var live = await files.FindAsync(log, cancellationToken);
        if (live.Count == 0)
        {
            return [];
        }

        await mirror.RefreshAsync(cancellationToken);
        var list = string.Join(", ", live.Select(path => $"'{ParquetFile.Quote(LakePaths.Local(mirror.Folder, path))}'"));
        return await Task.Run(() => Query($"WITH log AS (SELECT * FROM read_parquet([{list}], union_by_name = true, hive_partitioning = false)) {sql}", read), cancellationToken);
    }

    private static List<T> Query<T>(string sql, Func<DbDataReader, T> read)
    {
        using var connection = Duck.Open(threads: Environment.ProcessorCount);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        try
        {
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(read(reader));
            }

            return rows;
        }
        catch (DbException broken)
        {
            throw new LakeException($"The log cannot be read: {broken.Message}", isSetup: true, broken);
        }
    }
}
