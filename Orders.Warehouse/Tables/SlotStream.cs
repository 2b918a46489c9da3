using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.PgOutput;
using Npgsql.Replication.PgOutput.Messages;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Settings;

namespace Orders.Warehouse.Tables;

/// <summary>
/// Reads the slot and writes its changes in ranges that end with a transaction; one that is larger than a
/// file is written in several ranges. The slot moves only past whole transactions that are stored; after a
/// crash the stream begins before the stored position, and what is at or before it is passed over.
/// </summary>
internal sealed class SlotStream(
    ReplicationSlot slot, PgTypes types, TableLooks looks, PartialRows partial, TableFiles files, SlotNames names, WarehouseSettings settings, TablesState state, TimeProvider time)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    /// <summary>Streams until it is told to stop.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="tables">The tables that are wanted, by oid.</param>
    /// <param name="position">The last change that is stored.</param>
    /// <param name="noted">The range that a run before this one noted and did not register; empty for none.
    /// When it is registered, this ends.</param>
    /// <param name="stopAt">Ends before the first transaction that was committed at this LSN or after it;
    /// null to go on.</param>
    /// <param name="shouldStop">Asked now and then; null for never.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(
        SlotLease lease, IReadOnlyDictionary<uint, StreamedTable> tables, Place position, IReadOnlyList<NotedFile> noted, ulong? stopAt,
        Func<CancellationToken, Task<bool>>? shouldStop, CancellationToken cancellationToken)
    {
        await slot.FreeAsync(cancellationToken);
        await using var connection = await slot.OpenAsync(cancellationToken);
        connection.WalReceiverStatusInterval = StatusInterval;
        connection.WalReceiverTimeout = Silence;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var messages = connection
            .StartReplication(new PgOutputReplicationSlot(names.Slot), new PgOutputReplicationOptions(names.Publication, PgOutputProtocolVersion.V1), ending.Token)
            .GetAsyncEnumerator(ending.Token);
        var run = new SlotRun(partial, files, names, settings, state, time)
        {
            Lease = lease,
            Connection = connection,
            Reader = new(types, looks, tables),
            Position = position,
            Noted = noted,
            StopAt = stopAt,
        };
        Task<bool>? next = null;
        try
        {
            next = messages.MoveNextAsync().AsTask();
            var askAt = time.GetTimestamp();
            while (true)
            {
                if (!next.IsCompleted)
                {
                    await Task.WhenAny(next, Task.Delay(Tick, time, cancellationToken));
                    cancellationToken.ThrowIfCancellationRequested();
                }

                if (next.IsCompleted)
                {
                    if (!await next)
                    {
                        throw new NpgsqlException("Postgres ended the stream.");
                    }

                    if (await run.TakeAsync(messages.Current, cancellationToken))
                    {
                        return;
                    }

                    next = messages.MoveNextAsync().AsTask();
                }

                if (!next.IsCompleted && await run.RestAsync(cancellationToken))
                {
                    return;
                }

                if (shouldStop is not null && !run.InTransaction && time.GetElapsedTime(askAt) > StatusInterval)
                {
                    askAt = time.GetTimestamp();
                    if (await shouldStop(cancellationToken))
                    {
                        await run.FlushAsync(cancellationToken);
                        return;
                    }
                }
            }
        }
        finally
        {
            await ending.CancelAsync();
            await EndAsync(messages, next);
        }
    }

    // An enumerator may not be disposed of while it waits for a message.
    private static async Task EndAsync(IAsyncEnumerator<PgOutputReplicationMessage> messages, Task<bool>? next)
    {
        try
        {
            if (next is not null)
            {
                await next;
            }

            await messages.DisposeAsync();
        }
        catch (Exception ended) when (ended is OperationCanceledException or NpgsqlException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It was cancelled, or had failed: that was told where it was awaited.
        }
    }
}
