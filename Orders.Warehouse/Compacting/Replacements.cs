using Npgsql;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Compacting;

/// <summary>
/// Makes files that are whole take the place of those that they replace. A query lists files and markers at
/// nearly the same moment, and reads the files for as long as it runs: so the marker comes a while after the
/// files, and the old files go a long while after the marker.
/// </summary>
internal sealed class Replacements(NpgsqlDataSource database, ILakeStore lake, ReplacementPace pace)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Waits until all that is whole now has taken its place, as the ledger says: this process's clock and
    /// the database's do not measure the same time.
    /// </summary>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>How many days got new files.</returns>
    public async Task<int> ActivateWholeAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var whole = await FindWholeAsync(TimeSpan.Zero, cancellationToken);
        while (true)
        {
            await ActivateAsync(cancellationToken);
            if (!(await FindWholeAsync(TimeSpan.Zero, cancellationToken)).Exists(whole.Contains))
            {
                return whole.Count;
            }

            await Task.Delay(BetweenLooks, time, cancellationToken);
        }
    }

    /// <summary>Makes live what has been whole for long enough.</summary>
    /// <returns>How many days got new files.</returns>
    public async Task<int> ActivateAsync(CancellationToken cancellationToken)
    {
        var days = await FindWholeAsync(pace.BeforeMarker, cancellationToken);
        using var empty = new ScratchFolder();
        var marker = Path.Combine(empty.Path, "marker");
        await File.WriteAllBytesAsync(marker, [], cancellationToken);
        foreach (var (log, day, generation) in days)
        {
            await lake.PutAsync(LakePaths.Marker(log, day, generation), marker, cancellationToken);
            await using var replacing = database.CreateBatch();
            replacing.BatchCommands.Add(ReplacementCommands.Replace(log, day, generation));
            await replacing.ExecuteNonQueryAsync(cancellationToken);
        }

        return days.Count;
    }

    /// <summary>
    /// Deletes what has been replaced for long enough, and replacements that were never whole.
    /// </summary>
    /// <returns>How many files are deleted.</returns>
    public async Task<int> CleanAsync(CancellationToken cancellationToken)
    {
        List<string> paths = [.. await PathsAsync(ReplacementCommands.FindSuperseded(pace.BeforeDeletion), cancellationToken), .. await PathsAsync(ReplacementCommands.FindAbandoned(pace.Abandoned), cancellationToken)];
        if (paths.Count > 0)
        {
            await lake.DeleteAsync(paths, cancellationToken);
            await using var removing = database.CreateBatch();
            removing.BatchCommands.Add(ReplacementCommands.Remove(paths));
            await removing.ExecuteNonQueryAsync(cancellationToken);
        }

        return paths.Count;
    }

    private async Task<List<(string Log, DateOnly Day, int Generation)>> FindWholeAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var asking = database.CreateBatch();
        asking.BatchCommands.Add(ReplacementCommands.FindWhole(age));
        await using var reader = await asking.ExecuteReaderAsync(cancellationToken);
        var days = new List<(string Log, DateOnly Day, int Generation)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            days.Add((reader.GetString(0), reader.GetFieldValue<DateOnly>(1), reader.GetInt32(2)));
        }

        return days;
    }

    private async Task<List<string>> PathsAsync(NpgsqlBatchCommand find, CancellationToken cancellationToken)
    {
        await using var asking = database.CreateBatch();
        asking.BatchCommands.Add(find);
        await using var reader = await asking.ExecuteReaderAsync(cancellationToken);
        var paths = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            paths.Add(reader.GetString(0));
        }

        return paths;
    }
}
