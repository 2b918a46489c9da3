using System.Runtime.CompilerServices;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Postgres;
using Npgsql;
using Orders.Sync.Projection;
using Orders.Sync.Table;

namespace Orders.Sync.Consuming;

/// <summary>
/// Commits batches in one of three ways. The choice is optimistic, by the shard's last batches: almost
/// always no dead letter blocks a record, and nothing was applied before. When a batch is different, its
/// transaction fails and another way is chosen.
/// </summary>
internal sealed class BatchCommitter(NpgsqlDataSource database, ProjectionWriter writer, SourceTable table)
{
    private readonly ConditionalWeakTable<ShardLease, Shard> _shards = [];

    /// <summary>Commits a batch.</summary>
    /// <param name="batch">The records.</param>
    /// <param name="changes">The changes in them.</param>
    /// <param name="plan">How to load them as new; null when that does not pay.</param>
    /// <param name="cancellationToken">Stops: either all is committed or nothing.</param>
    /// <returns>The write, to be finished, and its result.</returns>
    /// <exception cref="LeaseLostException">Another instance owns the shard; nothing was
    /// committed.</exception>
    public async Task<(OrderWriting Writing, WrittenOrders Written)> CommitAsync(ShardBatch batch, ChangeSet changes, BulkPlan? plan, CancellationToken cancellationToken)
    {
        var shard = _shards.GetOrCreateValue(batch.Lease);
        var way = await ChooseAsync(shard, changes, plan, cancellationToken);
        var writing = await writer.BeginAsync(changes, cancellationToken);
        var written = await writing.CommitAsync(() => CheckpointCommand.FencedAsync(batch.Lease, async () =>
        {
            while (true)
            {
                try
                {
                    return await (way switch
                    {
                        Way.Load => LoadAsync(batch, plan!, writing, cancellationToken),
                        Way.AroundBlocked => CommitAroundBlockedAsync(batch, changes, writing, cancellationToken),
                        _ => CommitAllAsync(batch, changes, writing, cancellationToken),
                    });
                }
                catch (BulkConflictException)
                {
                    shard.NotLoaded();
                }
                catch (PostgresException refused) when (DeadLetterCommands.IsBlocked(refused))
                {
                    shard.MayBeBlocked = true;
                }

                way = await ChooseAsync(shard, changes, plan, cancellationToken);
            }
        }), cancellationToken);
        shard.MayBeBlocked |= written.Changes.SetAside.Count > 0;
        if (way == Way.Load)
        {
            shard.Loaded();
        }

        return (writing, written);
    }

    /// <summary>
    /// Commits a record that can never be applied as a dead letter, and the checkpoint after it.
    /// </summary>
    /// <param name="batch">A batch of just this record.</param>
    /// <param name="letter">The record, with the reason.</param>
    /// <param name="cancellationToken">Stops: either all is committed or nothing.</param>
    /// <exception cref="LeaseLostException">Another instance owns the shard; nothing was
    /// committed.</exception>
    public async Task SetAsideAsync(ShardBatch batch, DeadLetter letter, CancellationToken cancellationToken)
    {
        await DeadLetterTransactions.SetAsideAsync(database, batch, letter, cancellationToken);
        _shards.GetOrCreateValue(batch.Lease).MayBeBlocked = true;
    }

    private async Task<Way> ChooseAsync(Shard shard, ChangeSet changes, BulkPlan? plan, CancellationToken cancellationToken)
    {
        if (shard.MayBeBlocked && changes.ItemKeys.Count > 0)
        {
            await using var asking = database.CreateBatch();
            asking.BatchCommands.Add(DeadLetterCommands.FindBlocked(changes.ItemKeys));
            shard.MayBeBlocked = await asking.ExecuteScalarAsync(cancellationToken) is true;
            if (shard.MayBeBlocked)
            {
                return Way.AroundBlocked;
            }
        }

        return plan is not null && shard.TriesToLoad() ? Way.Load : Way.All;
    }

    /// <summary>Loads a large batch of which nothing was applied before: the cheapest way.</summary>
    /// <exception cref="BulkConflictException">A part of it was applied before.</exception>
    private async Task<WrittenOrders> LoadAsync(ShardBatch batch, BulkPlan plan, OrderWriting writing, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await BulkLoad.WriteAsync(connection, batch, plan, writing.Commands(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return WrittenOrders.All(plan.Changes);
    }

    /// <summary>
    /// Commits a batch without blocked items. The statements are one implicit transaction: they are sent
    /// with one Sync message, so that all of them commit or none.
    /// </summary>
    /// <exception cref="PostgresException">An item has dead letters
    /// (<see cref="DeadLetterCommands.IsBlocked"/>).</exception>
    private async Task<WrittenOrders> CommitAllAsync(ShardBatch batch, ChangeSet changes, OrderWriting writing, CancellationToken cancellationToken)
    {
        await using var statements = database.CreateBatch();
        statements.BatchCommands.Add(CheckpointCommand.For(batch, changes.LastChangeAt));
        if (changes.ItemKeys.Count > 0)
        {
            statements.BatchCommands.Add(DeadLetterCommands.RefuseIfBlocked(changes.ItemKeys));
        }

        return await writing.ExecuteAsync(statements, changes, SetAside(batch, changes), asksTable: true, cancellationToken);
    }

    /// <summary>
    /// Commits the records that may be applied, and sets aside those of items that have dead letters.
    /// </summary>
    private async Task<WrittenOrders> CommitAroundBlockedAsync(ShardBatch batch, ChangeSet all, OrderWriting writing, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var changes = ChangeSet.From(batch.Records, await DeadLetterTransactions.LockBlockedAsync(connection, batch, all.LastChangeAt, all.ItemKeys, cancellationToken), table.MadeAt);
        await using var statements = connection.CreateBatch();
        var written = await writing.ExecuteAsync(statements, changes, SetAside(batch, changes), asksTable: true, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return written with { LeftOut = [.. all.Newest.Select(change => change.OrderId).Except(changes.Newest.Select(change => change.OrderId))] };
    }

    private static NpgsqlBatchCommand[] SetAside(ShardBatch batch, ChangeSet changes) => changes.SetAside.Count == 0 ? [] : [DeadLetterCommands.Keep(batch.Lease, changes.SetAside)];

    private enum Way
    {
        All,
        Load,
        AroundBlocked,
    }

    /// <summary>What the last batches of a shard were like: the next one is probably similar.</summary>
    private sealed class Shard
    {
        // While a shard catches up after a snapshot, almost no batch is new. A failed attempt costs a round
        // trip.
        private const int MostSkips = 16;

        private int _skips;
        private int _left;

        /// <summary>Whether an item of the last batch had dead letters: then they are read first.</summary>
        public bool MayBeBlocked { get; set; }

        /// <summary>
        /// Whether to load a large batch as new: yes, unless the last attempt failed recently.
        /// </summary>
        public bool TriesToLoad()
        {
            if (_left == 0)
            {
                return true;
            }

            _left--;
            return false;
        }

        /// <summary>
        /// An attempt failed: the next batches are not loaded as new, twice as many as last time
        /// (exponential backoff).
        /// </summary>
        public void NotLoaded()
        {
            _skips = Math.Clamp(_skips * 2, 1, MostSkips);
            _left = _skips + 1;
        }

        /// <summary>An attempt succeeded.</summary>
        public void Loaded() => _skips = 0;
    }
}
