using System.Text.RegularExpressions;
using Npgsql;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Compacting;

/// <summary>
/// Keeps the lake and the ledger the same after crashes. A range whose shard is gone can never be written
/// again: its files that are whole count, the others are forgotten. An object with a name of ours that the
/// ledger does not have was written late by an instance that had lost its shard: it is deleted.
/// </summary>
internal sealed partial class LakeSweep(NpgsqlDataSource database, ILakeStore lake, LogWriter writer)
{
    private const int Batch = 1_000;

    /// <summary>Settles ranges whose shard is gone.</summary>
    /// <returns>How many files became live, and how many were forgotten.</returns>
    public async Task<(int Live, int Forgotten)> SettleAsync(CancellationToken cancellationToken)
    {
        var (live, forgotten) = (new List<WrittenFile>(), new List<string>());
        foreach (var file in await StrandedAsync(cancellationToken))
        {
            if (await writer.FindAsync(file, cancellationToken) is { } found)
            {
                live.Add(found);
            }
            else
            {
                forgotten.Add(file.Path);
            }
        }

        if (live.Count + forgotten.Count > 0)
        {
            await using var settling = database.CreateBatch();
            settling.BatchCommands.Add(LedgerCommands.Register(live));
            settling.BatchCommands.Add(LedgerCommands.Forget(forgotten));
            await settling.ExecuteNonQueryAsync(cancellationToken);
        }

        return (live.Count, forgotten.Count);
    }

    /// <summary>Deletes objects that the ledger does not have.</summary>
    /// <returns>Their paths.</returns>
    public async Task<IReadOnlyList<string>> DeleteOrphansAsync(CancellationToken cancellationToken)
    {
        var orphans = new List<string>();
        var batch = new List<string>(Batch);
        await foreach (var found in lake.ListAsync("", cancellationToken))
        {
            if (Written().IsMatch(found.Path))
            {
                batch.Add(found.Path);
            }

            if (batch.Count == Batch)
            {
                orphans.AddRange(await UnknownAsync(batch, cancellationToken));
                batch.Clear();
            }
        }

        // An object is noted before it is written, and was listed before the ledger is asked: what the
        // ledger does not have then is not on its way.
        orphans.AddRange(await UnknownAsync(batch, cancellationToken));
        await lake.DeleteAsync(orphans, cancellationToken);
        return orphans;
    }

    private async Task<List<NotedFile>> StrandedAsync(CancellationToken cancellationToken)
    {
        await using var asking = database.CreateBatch();
        asking.BatchCommands.Add(StrandedCommands.Find());
        await using var reader = await asking.ExecuteReaderAsync(cancellationToken);
        return await LedgerCommands.ReadNotedAsync(reader, cancellationToken);
    }

    private async Task<List<string>> UnknownAsync(List<string> paths, CancellationToken cancellationToken)
    {
        await using var asking = database.CreateBatch();
        asking.BatchCommands.Add(StrandedCommands.FindUnknown(paths));
        await using var reader = await asking.ExecuteReaderAsync(cancellationToken);
        var unknown = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            unknown.Add(reader.GetString(0));
        }

        return unknown;
    }

    // The names that this program gives to files; never those of the schema, of markers, or of people.
    [GeneratedRegex(@"^[^/]+(?:/[^/]+)?/day=\d{4}-\d\d-\d\d/\d+-(?!schema\.)[^/]+\.(?:parquet|ndjson)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Written();
}
