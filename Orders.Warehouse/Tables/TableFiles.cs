using Npgsql;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Tables;

/// <summary>
/// Writes ranges of changes as files, each once: noted, written, live. A range has a file for each table,
/// schema and day in it.
/// </summary>
internal sealed class TableFiles(TablesLedger ledger, ILakeStore lake, TablesMetrics metrics, TableSteps steps, TimeProvider time)
{
    /// <summary>Writes a range.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="source">Its source in the ledger.</param>
    /// <param name="rows">Its changes, in order.</param>
    /// <param name="noted">Files that a run before this one noted of the range; empty for none.</param>
    /// <param name="with">Statements for the transaction that makes it live.</param>
    /// <param name="cancellationToken">Stops it: it can be written again.</param>
    public async Task WriteAsync(
        SlotLease lease, string source, IReadOnlyList<TableRow> rows, IReadOnlyList<NotedFile> noted, IEnumerable<NpgsqlBatchCommand> with, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var files = rows.GroupBy(row => (row.Log, row.Schema.Fingerprint, row.Day)).Select(group => new TableFile([.. group])).ToList();
        var known = noted.ToDictionary(file => (file.Log, file.Day, file.First, file.Last));
        var fresh = files.FindAll(file => !known.ContainsKey(file.Place));
        if (fresh.Count > 0)
        {
            await using var noting = ledger.Begin(lease);
            noting.BatchCommands.Add(LedgerCommands.Note(source, [.. fresh.Select(file => file.Draft())]));
            await using var reader = await noting.ExecuteReaderAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            foreach (var file in await LedgerCommands.ReadNotedAsync(reader, cancellationToken))
            {
                known.Add((file.Log, file.Day, file.First, file.Last), file);
            }
        }

        await steps.Reached(TableStep.Noted);
        var written = new List<WrittenFile>();
        foreach (var file in files)
        {
            written.Add(await WriteAsync(known[file.Place].Path, file, cancellationToken));
            await steps.Reached(TableStep.Written);
        }

        // Noted by a run that saw the tables otherwise: its rows are in other files now.
        string[] stale = [.. known.Values.Select(file => file.Path).Except(written.Select(file => file.Path))];
        await lake.DeleteAsync(stale, cancellationToken);
        await using var registering = ledger.Begin(lease);
        registering.BatchCommands.Add(LedgerCommands.Register(written));
        registering.BatchCommands.Add(LedgerCommands.Forget(stale));
        foreach (var file in files)
        {
            registering.BatchCommands.Add(TablesCommands.Count(lease, file.Log, file.Rows.Count, file.ChangedTo));
            registering.BatchCommands.Add(TablesCommands.KeepSchema(file.Log, file.Schema, file.Rows[0].Place));
        }

        foreach (var command in with)
        {
            registering.BatchCommands.Add(command);
        }

        await registering.ExecuteNonQueryAsync(cancellationToken);
        await steps.Reached(TableStep.Registered);
        metrics.Written(files, written, time.GetElapsedTime(began));
    }

    /// <summary>
    /// Gives up files that were noted and cannot be written again. An object that is there already is
    /// deleted: its rows come with a snapshot.
    /// </summary>
    public async Task AbandonAsync(SlotLease lease, IReadOnlyCollection<NotedFile> noted, CancellationToken cancellationToken)
    {
        if (noted.Count == 0)
        {
            return;
        }

        string[] paths = [.. noted.Select(file => file.Path)];
        await lake.DeleteAsync(paths, cancellationToken);
        await using var forgetting = ledger.Begin(lease);
        forgetting.BatchCommands.Add(LedgerCommands.Forget(paths));
        await forgetting.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<WrittenFile> WriteAsync(string path, TableFile file, CancellationToken cancellationToken)
    {
        using var scratch = new ScratchFile(".parquet");
        var bytes = await Task.Run(() => file.Write(scratch.Path), cancellationToken);
        await lake.PutAsync(path, scratch.Path, cancellationToken);
        return new(path, file.Rows.Count, bytes, new DateTimeOffset(file.ChangedTo));
    }
}
