using System.Data.Common;
using DuckDB.NET.Data;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Snapshots;

/// <summary>Reads from the log which orders there are that a snapshot has not found.</summary>
internal sealed class LogNewest(LiveFiles files, LakeMirror mirror)
{
    private const string Settings = "DataSource=:memory:;memory_limit=1GB;autoinstall_known_extensions=false;autoload_known_extensions=false";

    /// <summary>Finds them, with the last item that the log has of each.</summary>
    /// <param name="snapshot">The name of the snapshot.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    public async Task<IReadOnlyList<(Guid OrderId, string Item)>> NotFoundAsync(string snapshot, CancellationToken cancellationToken)
    {
        var live = await files.FindAsync(OrderLog.Name, cancellationToken);
        if (live.Count == 0)
        {
            return [];
        }

        await mirror.RefreshAsync(cancellationToken);
        var list = string.Join(", ", live.Select(path => $"'{ParquetFile.Quote(LakePaths.Local(mirror.Folder, path))}'"));
        return await Task.Run(() => Read(list, snapshot), cancellationToken);
    }

    private static List<(Guid OrderId, string Item)> Read(string list, string snapshot)
    {
        using var connection = new DuckDBConnection(Settings);
        connection.Open();
        using var command = connection.CreateCommand();

        // The newest is the last of the stream, unless a snapshot found a higher version.
        command.CommandText =
            $"""
            WITH log AS (
                SELECT order_id, version, change, sequence, shard, item FROM read_parquet([{list}], union_by_name = true, hive_partitioning = false)),
            newest AS (
                SELECT order_id,
                       arg_max(struct_pack(v := version, c := change, i := item), sequence) FILTER (sequence IS NOT NULL) AS s,
                       arg_max(struct_pack(v := version, c := change, i := item), version) FILTER (sequence IS NULL) AS n
                  FROM log GROUP BY order_id),
            last AS (
                SELECT order_id, CASE WHEN s IS NULL OR n.v > s.v THEN n ELSE s END AS l FROM newest)
            SELECT order_id, l.i
              FROM last
             WHERE l.c NOT IN ('deleted', 'vanished')
               AND order_id NOT IN (SELECT order_id FROM log WHERE shard = '{ParquetFile.Quote(snapshot)}')
            """;
        try
        {
            using var reader = command.ExecuteReader();
            var rows = new List<(Guid, string)>();
            while (reader.Read())
            {
                rows.Add((reader.GetGuid(0), reader.GetString(1)));
            }

            return rows;
        }
        catch (DbException broken)
        {
            throw new LakeException($"The log cannot be read to find what is no longer in the table: {broken.Message}", isSetup: true, broken);
        }
    }
}
