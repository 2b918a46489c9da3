using System.Runtime.CompilerServices;
using DuckDB.NET.Data;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Postgres;
using Npgsql;
using Orders.ServiceDefaults.Stores;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Consuming;

/// <summary>
/// Writes batches of the stream into the lake, each change once. The effect is an object, not a row, so the
/// protocol makes it exactly-once: the range is noted under the lease's fencing token, the objects are
/// written under names that follow from the range, and one transaction makes them live and moves the
/// checkpoint. Whoever holds the shard after a crash finds the noted range, and writes the same range under
/// the same names.
/// </summary>
internal sealed class OrderChangeLog(NpgsqlDataSource database, LogWriter writer, PostgresSessions sessions, WarehouseMetrics metrics, TimeProvider time) : IBatchHandler
{
    private readonly ConditionalWeakTable<ShardLease, ShardRange> _shards = [];

    public Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken) => Prepare(batch)(cancellationToken);

    public PreparedBatch Prepare(ShardBatch batch)
    {
        var (arn, shard) = (batch.Lease.StreamArn, batch.Lease.ShardId);
        var entries = batch.Records
            .Select(record =>
            {
                var (row, refused) = OrderRowReader.Read(record, arn, shard);
                return new LogEntry(record, row, refused);
            })
            .ToList();
        return cancellationToken => ApplyAsync(batch, entries, cancellationToken);
    }

    // No failure is blamed on a record: what cannot be typed is in the quarantine already.
    public FailureKind Classify(Exception failure)
    {
        sessions.Note(failure);
        return failure switch
        {
            LakeException lost => lost.IsSetup ? FailureKind.Setup : FailureKind.Passing,
            DuckDBException => FailureKind.Setup,
            _ => PostgresFailures.Classify(failure) switch
            {
                FailureKind.Record => FailureKind.Setup,
                FailureKind.Slow => FailureKind.Passing,
                var kind => kind,
            },
        };
    }

    public Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken)
    {
        var (_, refused) = OrderRowReader.Read(batch.Records[0] with { Undecodable = batch.Records[0].Undecodable ?? failure.Message }, batch.Lease.StreamArn, batch.Lease.ShardId);
        return ApplyAsync(batch, [new LogEntry(batch.Records[0], Row: null, refused)], cancellationToken);
    }

    private async Task ApplyAsync(ShardBatch batch, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken)
    {
        var shard = _shards.GetOrCreateValue(batch.Lease);
        shard.Noted ??= await FindNotedAsync(batch.Lease, cancellationToken);
        var pending = shard.Pending(entries);
        if (shard.Noted.Count > 0)
        {
            if (shard.Cut(pending, batch.EndsShard) is not { } count)
            {
                shard.Held = [.. pending.Select(entry => entry.Kept())];
                return;
            }

            var range = pending[..count];
            var rest = pending[count..];
            await WriteAsync(batch, shard, range, batch.EndsShard && rest.Count == 0, cancellationToken);
            (shard.Held, pending) = ([], rest);
            if (pending.Count == 0)
            {
                return;
            }
        }

        await WriteAsync(batch, shard, pending, batch.EndsShard, cancellationToken);
    }

    private async Task<IReadOnlyList<NotedFile>> FindNotedAsync(ShardLease lease, CancellationToken cancellationToken)
    {
        await using var asking = database.CreateBatch();
        asking.BatchCommands.Add(LedgerCommands.FindNoted(RangeFiles.Source(lease)));
        await using var reader = await asking.ExecuteReaderAsync(cancellationToken);
        return await LedgerCommands.ReadNotedAsync(reader, cancellationToken);
    }

    private async Task WriteAsync(ShardBatch batch, ShardRange shard, List<LogEntry> range, bool endsShard, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var files = RangeFiles.Of(range);
        var again = shard.Noted!.Count > 0;
        var keeps = again && shard.IsTrimmed(range);
        await NoteAsync(batch, shard, range, files, cancellationToken);
        var (written, unwritten) = await writer.WriteAllAsync(shard.Noted, files, keeps, cancellationToken);
        await CommitAsync(batch with { Records = [.. range.Select(entry => entry.Record)], EndsShard = endsShard }, written, unwritten, cancellationToken);
        shard.Noted = [];
        shard.CommittedTo = range.Count > 0 ? range[^1].Place : shard.CommittedTo;
        metrics.Written(range, written, time.GetElapsedTime(began));
    }

    /// <summary>Notes the files of the range that are not noted yet.</summary>
    private async Task NoteAsync(ShardBatch batch, ShardRange shard, List<LogEntry> range, LogFiles files, CancellationToken cancellationToken)
    {
        var keys = files.Keys.Except(shard.Noted!.Select(noted => (noted.Log, noted.Day))).ToList();
        if (keys.Count == 0)
        {
            return;
        }

        var (first, last) = shard.Noted!.Count > 0 ? (shard.Noted[0].First, shard.Noted[0].Last) : (range[0].Place, range[^1].Place);
        List<NotedFile> noted;
        try
        {
            noted = await CheckpointCommand.FencedAsync(batch.Lease, async () =>
            {
                // One implicit transaction. A checkpoint of nothing is the fence alone.
                await using var noting = database.CreateBatch();
                noting.BatchCommands.Add(CheckpointCommand.For(batch with { Records = [], EndsShard = false, SinceEmpty = null }, lastChangeAt: null, LedgerMigrations.Consumer));
                noting.BatchCommands.Add(LedgerCommands.Note(RangeFiles.Source(batch.Lease), files.Drafts(keys, RangeFiles.Name(batch.Lease, first, last), first, last)));
                await using var reader = await noting.ExecuteReaderAsync(cancellationToken);
                await reader.NextResultAsync(cancellationToken);
                return await LedgerCommands.ReadNotedAsync(reader, cancellationToken);
            });
        }
        catch (Exception failure) when (failure is not LeaseLostException)
        {
            // It may be committed, and the answer lost: the next attempt asks the ledger.
            shard.Noted = null;
            throw;
        }

        shard.Noted = [.. shard.Noted!, .. noted];
    }

    private Task<int> CommitAsync(ShardBatch batch, List<WrittenFile> written, List<string> unwritten, CancellationToken cancellationToken) =>
        CheckpointCommand.FencedAsync(batch.Lease, async () =>
        {
            await using var transaction = database.CreateBatch();
            transaction.BatchCommands.Add(CheckpointCommand.For(batch, lastChangeAt: null, LedgerMigrations.Consumer));
            if (written.Count > 0)
            {
                transaction.BatchCommands.Add(LedgerCommands.Register(written));
            }

            if (unwritten.Count > 0)
            {
                transaction.BatchCommands.Add(LedgerCommands.Forget(unwritten));
            }

            return await transaction.ExecuteNonQueryAsync(cancellationToken);
        });
}
