using Npgsql;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Compacting;

/// <summary>
/// Keeps the newest state of each order stored, so that the views need not seek it among all changes. They
/// join what came since: a state may be old, and is never wrong. Of several instances and commands one
/// writes a state at a time.
/// </summary>
internal sealed class OrderStates(NpgsqlDataSource database, ILakeStore lake, LakeMirror mirror, ReplacementPace pace, TimeProvider time)
{
    // So many changes go into a state at a time.
    private const long RowsAtOnce = 10_000_000;
    private const long PartOfState = 64;
    private const string Turn = "orders_state";

    /// <summary>Writes a state anew, if enough changes came since the last one. One whose files are lost is
    /// made of all changes.</summary>
    /// <param name="leastRows">Enough are so many, and a sixty-fourth part of the state's orders; 0 for all
    /// that came.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The newest state; null while another instance writes one.</returns>
    /// <exception cref="LakeException">A file is not what the ledger says, or the store failed.</exception>
    public Task<StoredState?> RefreshAsync(long leastRows, CancellationToken cancellationToken) => RefreshAsync(leastRows, isAnew: false, cancellationToken);

    /// <summary>Writes a state anew from all changes, as if there were none.</summary>
    /// <param name="cancellationToken">Stops it; the next one goes on with it.</param>
    /// <returns>The newest state; null while another instance writes one.</returns>
    /// <exception cref="LakeException">A file is not what the ledger says, or the store failed.</exception>
    public Task<StoredState?> RebuildAsync(CancellationToken cancellationToken) => RefreshAsync(leastRows: 0, isAnew: true, cancellationToken);

    private async Task<StoredState?> RefreshAsync(long leastRows, bool isAnew, CancellationToken cancellationToken)
    {
        await using var turn = await LedgerTurn.TryTakeAsync(database, Turn, cancellationToken);
        if (turn is null)
        {
            return null;
        }

        await SettleAsync(cancellationToken);
        var state = await LiveAsync(cancellationToken);
        if (isAnew || !await IsThereAsync(state, cancellationToken))
        {
            // Committed first, so that after a crash the next attempt is a full rebuild, too.
            await ExecuteAsync([.. StateCommands.Discard()], cancellationToken);
            state = StoredState.None;
        }

        var files = await FilesAsync(cancellationToken);
        var begun = files.Where(file => !file.IsCovered).Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var isEnough = files.Where(file => !file.IsCovered).Sum(file => file.Rows) >= Math.Max(leastRows, leastRows == 0 ? 0 : state.Rows / PartOfState);
        while (isEnough && files.Where(file => begun.Contains(file.Path) && !file.IsCovered).ToList() is { Count: > 0 } lacking)
        {
            state = await MergeAsync(state, files, lacking, cancellationToken);
            files = await FilesAsync(cancellationToken);
        }

        // Days were put together; their changes are those that the state has.
        return files.Where(file => file.IsCovered).Select(file => file.Path).Except(state.Covers).Any()
            ? await PublishAsync([.. files.Where(file => file.IsCovered).Select(file => file.Path)], _ => Task.FromResult((state.Files, state.Rows)), cancellationToken)
            : state;
    }

    /// <summary>Writes the state anew without some orders.</summary>
    /// <param name="leaveOut">An SQL condition for the orders that are left out.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>False while another instance writes one: try again later.</returns>
    /// <exception cref="LakeException">A file cannot be read, or the store failed.</exception>
    public async Task<bool> LeaveOutAsync(string leaveOut, CancellationToken cancellationToken)
    {
        await using var turn = await LedgerTurn.TryTakeAsync(database, Turn, cancellationToken);
        if (turn is null)
        {
            return false;
        }

        await SettleAsync(cancellationToken);
        var state = await LiveAsync(cancellationToken);
        if (state.Number == 0)
        {
            return true;
        }

        if (!await IsThereAsync(state, cancellationToken))
        {
            await ExecuteAsync([.. StateCommands.Discard()], cancellationToken);
            return true;
        }

        await mirror.RefreshAsync(cancellationToken);
        await PublishAsync(
            state.Covers,
            async number =>
            {
                using var scratch = new ScratchFolder();
                var (parts, rows) = (new List<string>(), 0L);
                foreach (var file in state.Files)
                {
                    parts.Add(Path.Combine(scratch.Path, Path.GetFileName(file)));
                    rows += await Task.Run(() => StateBuild.Without(LakePaths.Local(mirror.Folder, file), leaveOut, parts[^1]), cancellationToken);
                }

                return (await PutAsync(number, parts, cancellationToken), rows);
            },
            cancellationToken);
        return true;
    }

    /// <summary>
    /// Deletes states that have not been the newest for a time: no query reads them any more. What an older
    /// state covers goes sooner: the views leave out of the log only what each state covers. A mirror of S3
    /// would see that and the newer state at the same moment, so there it goes with the rest.
    /// </summary>
    /// <returns>How many.</returns>
    public async Task<int> CleanAsync(CancellationToken cancellationToken)
    {
        await using var turn = await LedgerTurn.TryTakeAsync(database, Turn, cancellationToken);
        if (turn is null)
        {
            return 0;
        }

        if (lake.Folder is not null)
        {
            await lake.DeleteAsync([.. (await FindAsync(StateCommands.FindSuperseded(pace.BeforeMarker), cancellationToken)).Select(state => LakePaths.StateCovers(state.Number))], cancellationToken);
        }

        var old = await FindAsync(StateCommands.FindSuperseded(pace.BeforeDeletion), cancellationToken);
        if (old.Count > 0)
        {
            // Two states may share their files.
            var kept = (await FindAsync(StateCommands.FindSuperseded(TimeSpan.Zero), cancellationToken)).Where(state => old.TrueForAll(each => each.Number != state.Number)).Append(await LiveAsync(cancellationToken)).SelectMany(state => state.Files).ToHashSet(StringComparer.Ordinal);
            await lake.DeleteAsync(
                [.. old.Select(state => LakePaths.StateCovers(state.Number)), .. old.Select(state => LakePaths.StateFiles(state.Number)), .. old.SelectMany(state => state.Files).Distinct(StringComparer.Ordinal).Where(file => !kept.Contains(file))],
                cancellationToken);
            await ExecuteAsync([.. old.Select(state => StateCommands.Remove(state.Number))], cancellationToken);
        }

        return old.Count;
    }

    private async Task<StoredState> MergeAsync(StoredState state, IReadOnlyList<LoggedFile> files, List<LoggedFile> lacking, CancellationToken cancellationToken)
    {
        var (taken, rows) = (new List<string>(), 0L);
        foreach (var file in lacking.TakeWhile(file => rows == 0 || rows + file.Rows <= RowsAtOnce))
        {
            taken.Add(file.Path);
            rows += file.Rows;
        }

        await mirror.RefreshAsync(cancellationToken);
        return await PublishAsync(
            [.. files.Where(file => file.IsCovered).Select(file => file.Path), .. taken],
            async number =>
            {
                using var scratch = new ScratchFolder();
                var (parts, orders) = await Task.Run(() => StateBuild.Merge(Local(taken), rows, Local(state.Files), scratch.Path, cancellationToken), cancellationToken);
                return (await PutAsync(number, parts, cancellationToken), orders);
            },
            cancellationToken);

        List<string> Local(IEnumerable<string> paths) => [.. paths.Select(path => LakePaths.Local(mirror.Folder, path))];
    }

    /// <summary>Notes a state, writes its files, and last the one from which on it counts.</summary>
    private async Task<StoredState> PublishAsync(IReadOnlyList<string> covers, Func<long, Task<(IReadOnlyList<string> Files, long Rows)>> write, CancellationToken cancellationToken)
    {
        var number = await NumberAsync(covers, cancellationToken);
        var (files, rows) = await write(number);
        var state = new StoredState(number, files, rows, covers);
        await ExecuteAsync([StateCommands.Written(state)], cancellationToken);
        // A query lists the names and the files at nearly the same moment.
        await Task.Delay(pace.BeforeMarker, time, cancellationToken);
        await NameAsync(LakePaths.StateFiles(number), number, files, cancellationToken);
        await NameAsync(LakePaths.StateCovers(number), number, covers, cancellationToken);
        await ExecuteAsync([StateCommands.Live(state)], cancellationToken);
        return state;
    }

    private async Task<IReadOnlyList<string>> PutAsync(long number, IReadOnlyList<string> parts, CancellationToken cancellationToken)
    {
        string[] paths = [.. parts.Select((_, part) => LakePaths.StateRows(number, part))];
        foreach (var (path, part) in paths.Zip(parts))
        {
            await lake.PutAsync(path, part, cancellationToken);
        }

        return paths;
    }

    private async Task NameAsync(string path, long number, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        using var scratch = new ScratchFile(".parquet");
        OrderStateFile.WriteNames(scratch.Path, number, names);
        await lake.PutAsync(path, scratch.Path, cancellationToken);
    }

    /// <summary>Of states whose maker is gone, those that count become live; the others are
    /// deleted.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        foreach (var state in await FindAsync(StateCommands.FindNoted(), cancellationToken))
        {
            var there = new List<string>();
            await foreach (var found in lake.ListAsync(LakePaths.StatePrefix(state.Number), cancellationToken))
            {
                there.Add(found.Path);
            }

            // Queries may read it already.
            if (there.Contains(LakePaths.StateFiles(state.Number)))
            {
                await NameAsync(LakePaths.StateCovers(state.Number), state.Number, state.Covers, cancellationToken);
                await ExecuteAsync([StateCommands.Live(state)], cancellationToken);
            }
            else
            {
                await lake.DeleteAsync(there, cancellationToken);
                await ExecuteAsync([StateCommands.Remove(state.Number)], cancellationToken);
            }
        }
    }

    /// <summary>Whether all objects of a state are still in the lake.</summary>
    private async Task<bool> IsThereAsync(StoredState state, CancellationToken cancellationToken)
    {
        if (state.Number == 0)
        {
            return true;
        }

        var there = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var found in lake.ListAsync($"{LakePaths.State}/", cancellationToken))
        {
            there.Add(found.Path);
        }

        return state.Files.Append(LakePaths.StateFiles(state.Number)).Append(LakePaths.StateCovers(state.Number)).All(there.Contains);
    }

    private async Task<StoredState> LiveAsync(CancellationToken cancellationToken) => (await FindAsync(StateCommands.FindLive(), cancellationToken)).SingleOrDefault() ?? StoredState.None;

    private async Task<List<StoredState>> FindAsync(NpgsqlBatchCommand find, CancellationToken cancellationToken)
    {
        await using var asking = database.CreateBatch();
        asking.BatchCommands.Add(find);
        await using var reader = await asking.ExecuteReaderAsync(cancellationToken);
        return await StateCommands.ReadAsync(reader, cancellationToken);
    }

    private async Task<List<LoggedFile>> FilesAsync(CancellationToken cancellationToken)
    {
        await using var asking = database.CreateBatch();
        asking.BatchCommands.Add(StateCommands.FindFiles());
        await using var reader = await asking.ExecuteReaderAsync(cancellationToken);
        return await StateCommands.ReadFilesAsync(reader, cancellationToken);
    }

    private async Task<long> NumberAsync(IReadOnlyList<string> covers, CancellationToken cancellationToken)
    {
        await using var noting = database.CreateBatch();
        noting.BatchCommands.Add(StateCommands.Note(covers));
        return (long)(await noting.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task ExecuteAsync(IReadOnlyList<NpgsqlBatchCommand> commands, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
