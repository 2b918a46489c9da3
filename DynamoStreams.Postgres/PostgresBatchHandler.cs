using System.Runtime.CompilerServices;
using DynamoStreams.Api;
using DynamoStreams.Applying;
using DynamoStreams.Leases;
using Npgsql;

namespace DynamoStreams.Postgres;

/// <summary>
/// A handler that only makes statements. They are committed in one transaction with the shard's checkpoint,
/// protected by its fence. A record that cannot be applied is stored as a dead letter, and later records of
/// its item wait. A batch is one round trip.
/// </summary>
/// <param name="database">The database of the rows and of the consumer's tables.</param>
/// <param name="schema">The schema of the consumer's tables; null for
/// <see cref="ConsumerSchema.Default"/>.</param>
public abstract partial class PostgresBatchHandler(NpgsqlDataSource database, ConsumerSchema? schema = null) : IBatchHandler
{
    // Whether an item of the shard's last batch had dead letters: then the next batch probably has one too.
    private readonly ConditionalWeakTable<ShardLease, StrongBox<bool>> _blocked = [];

    /// <summary>
    /// Makes statements from records. It must not touch a store. Any exception counts as caused by a record,
    /// which is found by bisecting and set aside with the message.
    /// </summary>
    /// <param name="records">The records, in the stream's order, at least one. A few statements for all of
    /// them are fastest.</param>
    protected abstract IEnumerable<NpgsqlBatchCommand> MakeStatements(IReadOnlyList<StreamRecord> records);

    /// <summary>
    /// The tenant that owns the record's item, stored with its dead letter; null when unknown.
    /// </summary>
    /// <param name="record">The record.</param>
    protected virtual string? TenantOf(StreamRecord record) => null;

    /// <inheritdoc/>
    public virtual FailureKind Classify(Exception failure) => PostgresFailures.Classify(failure);

    /// <inheritdoc/>
    public Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken) => Prepare(batch)(cancellationToken);

    /// <inheritdoc/>
    public PreparedBatch Prepare(ShardBatch batch)
    {
        string[] items = [.. batch.Records.Select(record => KeyOf(batch.Lease, record)).Distinct(StringComparer.Ordinal)];
        var statements = Make(batch.Records);
        return cancellationToken => CheckpointCommand.FencedAsync(batch.Lease, () => CommitAsync(batch, items, statements, cancellationToken));
    }

    /// <inheritdoc/>
    public async Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken)
    {
        await DeadLetterTransactions.SetAsideAsync(database, batch, Letter(batch.Lease, batch.Records[0], failure.Message), cancellationToken, schema);
        _blocked.GetOrCreateValue(batch.Lease).Value = true;
    }

    private List<NpgsqlBatchCommand> Make(IReadOnlyList<StreamRecord> records)
    {
        if (records.Count == 0)
        {
            return [];
        }

        try
        {
            // The consumer hands over none of these, but a redrive finds those that were set aside.
            var undecodable = records.FirstOrDefault(record => record.Undecodable is not null);
            return undecodable is null ? [.. MakeStatements(records)] : throw new FormatException(undecodable.Undecodable);
        }
        catch (Exception broken)
        {
            throw new UnreadableRecordException(broken);
        }
    }

    private async Task<int> CommitAsync(ShardBatch batch, string[] items, List<NpgsqlBatchCommand> statements, CancellationToken cancellationToken)
    {
        var blocked = _blocked.GetOrCreateValue(batch.Lease);
        if (!blocked.Value)
        {
            try
            {
                return await CommitAllAsync(batch, items, statements, cancellationToken);
            }
            catch (PostgresException refused) when (DeadLetterCommands.IsBlocked(refused))
            {
                blocked.Value = true;
            }
        }

        return await CommitAroundBlockedAsync(batch, items, blocked, cancellationToken);
    }

    // One implicit transaction: the statements go out together with one Sync message.
    private async Task<int> CommitAllAsync(ShardBatch batch, string[] items, List<NpgsqlBatchCommand> statements, CancellationToken cancellationToken)
    {
        await using var transaction = database.CreateBatch();
        transaction.BatchCommands.Add(CheckpointCommand.For(batch, lastChangeAt: null, schema));
        if (items.Length > 0)
        {
            transaction.BatchCommands.Add(DeadLetterCommands.RefuseIfBlocked(items, schema));
        }

        statements.ForEach(transaction.BatchCommands.Add);
        return await transaction.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<int> CommitAroundBlockedAsync(ShardBatch batch, string[] items, StrongBox<bool> isBlocked, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var blocked = await DeadLetterTransactions.LockBlockedAsync(connection, batch, lastChangeAt: null, items, cancellationToken, schema);
        var (waiting, free) = (new List<DeadLetter>(), new List<StreamRecord>());
        foreach (var record in batch.Records)
        {
            if (blocked.Contains(KeyOf(batch.Lease, record)))
            {
                waiting.Add(Letter(batch.Lease, record, error: null));
            }
            else
            {
                free.Add(record);
            }
        }

        await using var statements = connection.CreateBatch();
        Make(free).ForEach(statements.BatchCommands.Add);
        if (waiting.Count > 0)
        {
            statements.BatchCommands.Add(DeadLetterCommands.Keep(batch.Lease, waiting, schema));
        }

        var rows = statements.BatchCommands.Count == 0 ? 0 : await statements.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        isBlocked.Value = waiting.Count > 0;
        return rows;
    }

    private DeadLetter Letter(ShardLease lease, StreamRecord record, string? error) => new(record, KeyOf(lease, record), TenantOf(record), error);

    // With the table: two tables of one schema may have items of one key.
    private static string KeyOf(ShardLease lease, StreamRecord record) => TableOf(lease.StreamArn) + ItemKey.Of(record.Keys);

    // arn:aws:dynamodb:region:account:table/NAME/stream/LABEL
    private static string TableOf(string streamArn) => Prefix(streamArn.Split('/') is [_, var name, "stream", ..] ? name : streamArn);

    private static string Prefix(string table) => $"{table}/";
}
