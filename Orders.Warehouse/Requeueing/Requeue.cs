using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DynamoStreams.Api;
using Npgsql;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Requeueing;

/// <summary>
/// Reads the quarantine again, after the program or a record in it was mended. What can be typed now goes to
/// its log, once; the rest stays. A record keeps its place in the stream, so an old one never hides a newer.
/// </summary>
internal sealed class Requeue(NpgsqlDataSource database, ILakeStore lake, LogWriter writer)
{
    /// <summary>Reads every file of the quarantine.</summary>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <returns>How many records came back, and how many stay with the reason of the first.</returns>
    public async Task<(long Back, long Stay, string? Reason)> RunAsync(CancellationToken cancellationToken)
    {
        var (back, stay, reason) = (0L, 0L, default(string));
        foreach (var path in await FindAsync(cancellationToken))
        {
            var records = await ReadAsync(path, cancellationToken);
            var (rows, refused) = Type(records);
            if (refused.Count < records.Count && await MoveAsync(path, rows, refused, cancellationToken))
            {
                back += records.Count - refused.Count;
            }

            stay += refused.Count;
            reason ??= refused.FirstOrDefault()?.Reason;
        }

        return (back, stay, reason);
    }

    /// <summary>Takes the records of orders out of the quarantine.</summary>
    /// <param name="orders">The orders.</param>
    /// <param name="cancellationToken">Stops between two files.</param>
    /// <returns>How many records are gone.</returns>
    public async Task<long> EraseAsync(IReadOnlyList<Guid> orders, CancellationToken cancellationToken)
    {
        var gone = 0L;
        byte[][] ids = [.. orders.Select(order => Encoding.UTF8.GetBytes(order.ToString()))];
        foreach (var path in await FindAsync(cancellationToken))
        {
            var records = await ReadAsync(path, cancellationToken);
            var kept = records.Where(record => !Array.Exists(ids, id => record.Record.Span.IndexOf(id) >= 0)).ToList();
            if (kept.Count < records.Count && await MoveAsync(path, [], kept, cancellationToken))
            {
                gone += records.Count - kept.Count;
            }
        }

        return gone;
    }

    private static (List<OrderLogRow> Rows, List<RefusedRecord> Refused) Type(List<RefusedRecord> records)
    {
        var (rows, refused) = (new List<OrderLogRow>(), new List<RefusedRecord>());
        foreach (var record in records)
        {
            var (row, still) = OrderRowReader.Read(Parse(record), record.StreamArn, record.Shard);
            if (row is not null)
            {
                rows.Add(row);
            }
            else if (still is not null)
            {
                refused.Add(still with { Record = record.Record, Sequence = record.Sequence, StreamedAt = record.StreamedAt });
            }
        }

        return (rows, refused);
    }

    private static StreamRecord Parse(RefusedRecord record)
    {
        try
        {
            return StreamRecord.Parse(record.Record);
        }
        catch (FormatException broken)
        {
            return new()
            {
                EventId = record.Sequence,
                Event = StreamEvent.Modify,
                SequenceNumber = record.Sequence,
                Keys = default,
                OldImage = default,
                NewImage = default,
                Json = record.Record,
                ApproximateCreation = record.StreamedAt,
                IsTimeToLive = false,
                Undecodable = broken.Message,
            };
        }
    }

    private async Task<List<string>> FindAsync(CancellationToken cancellationToken)
    {
        await using var asking = database.CreateBatch();
        asking.BatchCommands.Add(QuarantineCommands.Find(OrderLog.Quarantine));
        await using var reader = await asking.ExecuteReaderAsync(cancellationToken);
        var paths = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            paths.Add(reader.GetString(0));
        }

        return paths;
    }

    private async Task<List<RefusedRecord>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        using var scratch = new ScratchFile(".ndjson");
        if (!await lake.GetAsync(path, scratch.Path, cancellationToken))
        {
            throw new LakeException($"{path} is missing in {lake.Name}, and the ledger says that it is there. Put it back.", isSetup: true);
        }

        var records = new List<RefusedRecord>();
        foreach (var line in await File.ReadAllLinesAsync(scratch.Path, cancellationToken))
        {
            if (line.Length > 0)
            {
                records.Add(Read(path, records.Count + 1, line));
            }
        }

        return records;
    }

    private static RefusedRecord Read(string path, int number, string line)
    {
        try
        {
            return RefusedRecord.Read(Encoding.UTF8.GetBytes(line));
        }
        catch (JsonException broken)
        {
            throw new LakeException($"Line {number} of {path} is not what a line of the quarantine must be ({broken.Message}). Correct it; nothing of this file was moved.", isSetup: true, broken);
        }
    }

    // The same three steps as for a range of the stream. A crash between them leaves notes, under which the
    // next run writes again.
    private async Task<bool> MoveAsync(string path, List<OrderLogRow> rows, List<RefusedRecord> refused, CancellationToken cancellationToken)
    {
        var files = new LogFiles();
        rows.ForEach(files.Add);
        refused.ForEach(files.Add);
        var (written, unwritten) = await writer.WriteAllAsync(await NoteAsync(path, files, cancellationToken), files, keepsWritten: false, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var moving = connection.CreateBatch();
        moving.BatchCommands.Add(QuarantineCommands.Empty(path));
        moving.BatchCommands.Add(LedgerCommands.Register(written));
        moving.BatchCommands.Add(LedgerCommands.Forget(unwritten));
        await moving.ExecuteNonQueryAsync(cancellationToken);
        if (moving.BatchCommands[0].RecordsAffected != 1)
        {
            // Another run was faster, with the same files.
            return false;
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task<List<NotedFile>> NoteAsync(string path, LogFiles files, CancellationToken cancellationToken)
    {
        var source = $"requeue/{path}";
        await using var asking = database.CreateBatch();
        asking.BatchCommands.Add(LedgerCommands.FindNoted(source));
        List<NotedFile> noted;
        await using (var reader = await asking.ExecuteReaderAsync(cancellationToken))
        {
            noted = await LedgerCommands.ReadNotedAsync(reader, cancellationToken);
        }

        var keys = files.Keys.Except(noted.Select(file => (file.Log, file.Day))).ToList();
        if (keys.Count > 0)
        {
            var name = $"requeue-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)).AsSpan(0, 8))}";
            await using var noting = database.CreateBatch();
            noting.BatchCommands.Add(LedgerCommands.Note(source, files.Drafts(keys, name, path, path)));
            await using var reader = await noting.ExecuteReaderAsync(cancellationToken);
            noted.AddRange(await LedgerCommands.ReadNotedAsync(reader, cancellationToken));
        }

        return noted;
    }
}
