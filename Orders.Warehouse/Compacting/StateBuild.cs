using System.Data.Common;
using System.Globalization;
using DuckDB.NET.Data;
using Orders.Warehouse.Embedded;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Compacting;

/// <summary>
/// Writes the rows of a stored state of the orders, with the SELECT that the views have, too.
/// </summary>
internal static class StateBuild
{
    // So many changes are put into groups in memory at a time.
    private const long RowsOfPart = 500_000;

    /// <summary>Puts changes and a stored state together.</summary>
    /// <param name="changes">The files of the changes.</param>
    /// <param name="expected">The rows that they must have.</param>
    /// <param name="stored">The files of the state that lacks them.</param>
    /// <param name="target">The folder for the files of the new state, one for each part.</param>
    /// <param name="cancellationToken">Stops between two parts.</param>
    /// <returns>The files in the order of their parts, and their orders.</returns>
    /// <exception cref="LakeException">A file cannot be read, or is not what the ledger says.</exception>
    public static (IReadOnlyList<string> Files, long Rows) Merge(IReadOnlyList<string> changes, long expected, IReadOnlyList<string> stored, string target, CancellationToken cancellationToken)
    {
        using var duck = Duck.Open();
        // What does not fit into memory goes there.
        duck.Execute($"SET temp_directory = '{ParquetFile.Quote(Path.Combine(target, "spilled"))}'");
        try
        {
            var rows = (long)duck.Scalar($"SELECT count(*) FROM {ParquetFile.Rows(changes)}")!;
            if (rows != expected)
            {
                throw new LakeException($"The files of {OrderLog.Name} hold {rows} changes and the ledger says {expected}: the stored state stays as it is. warehouse.files in Postgres has the rows of each.", isSetup: true);
            }

            var parts = Math.Max(1, (rows + RowsOfPart - 1) / RowsOfPart);
            var since = Parted(duck, changes, OrderLog.Nothing, parts, Path.Combine(target, "since"));
            var state = Parted(duck, stored, OrderStateFile.Nothing, parts, Path.Combine(target, "stored"));
            var (files, orders) = (new List<string>(), 0L);
            for (var part = 0L; part < parts; part++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var file = Path.Combine(target, string.Create(CultureInfo.InvariantCulture, $"{part:00000}.parquet"));
                orders += Copy(duck, ViewScript.Newest($"FROM {since(part)} c", $"FROM {state(part)} s", "placed_at"), file);
                files.Add(file);
            }

            return (files, orders);
        }
        catch (DbException broken)
        {
            throw Unreadable(broken);
        }
    }

    /// <summary>Copies a file of a state without some orders.</summary>
    /// <param name="stored">The file.</param>
    /// <param name="leaveOut">An SQL condition for the orders that are left out.</param>
    /// <param name="target">The file to write.</param>
    /// <returns>Its orders.</returns>
    /// <exception cref="LakeException">The file cannot be read.</exception>
    public static long Without(string stored, string leaveOut, string target)
    {
        using var duck = Duck.Open();
        try
        {
            return Copy(duck, $"SELECT * FROM {ParquetFile.Rows([stored])} WHERE ({leaveOut}) IS NOT TRUE", target);
        }
        catch (DbException broken)
        {
            throw Unreadable(broken);
        }
    }

    private static long Copy(DuckDBConnection duck, string select, string file) => duck.Execute($"COPY ({select}) TO '{ParquetFile.Quote(file)}' (FORMAT parquet, COMPRESSION zstd)");

    // All changes of an order are in one part.
    private static Func<long, string> Parted(DuckDBConnection duck, IReadOnlyList<string> sources, string nothing, long parts, string folder)
    {
        var rows = sources.Count == 0 ? nothing : ParquetFile.Rows(sources);
        if (parts == 1 || sources.Count == 0)
        {
            return _ => rows;
        }

        duck.Execute(string.Create(
            CultureInfo.InvariantCulture,
            $"COPY (SELECT *, hash(order_id) % {parts} AS part FROM {rows}) TO '{ParquetFile.Quote(folder)}' (FORMAT parquet, PARTITION_BY (part))"));
        return part => Directory.Exists(Path.Combine(folder, Part(part))) ? $"read_parquet('{ParquetFile.Quote(Path.Combine(folder, Part(part)))}/*.parquet', hive_partitioning = false)" : nothing;

        static string Part(long part) => string.Create(CultureInfo.InvariantCulture, $"part={part}");
    }

    private static LakeException Unreadable(DbException broken) => new($"A file of {OrderLog.Name} or {LakePaths.State} cannot be read: {broken.Message} The stored state stays as it is.", isSetup: true, broken);
}
