using DynamoStreams.Applying;
using DynamoStreams.Leases;
using Npgsql;

namespace DynamoStreams.Postgres;

/// <summary>
/// What every handler does with dead letters in a transaction of its own, behind the shard's fence.
/// </summary>
public static class DeadLetterTransactions
{
    /// <summary>Stores a record that can never be applied, and commits the checkpoint behind it.</summary>
    /// <param name="database">The database.</param>
    /// <param name="batch">A batch of just this record.</param>
    /// <param name="letter">The record, with the reason.</param>
    /// <param name="cancellationToken">Stops: either all is committed or nothing.</param>
    /// <param name="schema">The consumer's schema; null for <see cref="ConsumerSchema.Default"/>.</param>
    /// <exception cref="LeaseLostException">Another instance owns the shard; nothing was
    /// committed.</exception>
    public static async Task SetAsideAsync(
        NpgsqlDataSource database, ShardBatch batch, DeadLetter letter, CancellationToken cancellationToken, ConsumerSchema? schema = null)
    {
        await using var statements = database.CreateBatch();
        statements.BatchCommands.Add(CheckpointCommand.For(batch, lastChangeAt: null, schema));
        statements.BatchCommands.Add(DeadLetterCommands.Keep(batch.Lease, [letter], schema));
        await CheckpointCommand.FencedAsync(batch.Lease, () => statements.ExecuteNonQueryAsync(cancellationToken));
    }

    /// <summary>
    /// Begins a batch around blocked items: commits its checkpoint with the transaction, and locks those
    /// that are blocked.
    /// </summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="batch">The records.</param>
    /// <param name="lastChangeAt">As of <see cref="CheckpointCommand.For"/>.</param>
    /// <param name="itemKeys">The items of the batch.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="schema">The consumer's schema; null for <see cref="ConsumerSchema.Default"/>.</param>
    /// <returns>The items that have dead letters.</returns>
    /// <exception cref="PostgresException">The lease is lost
    /// (<see cref="CheckpointCommand.IsLeaseLost"/>).</exception>
    public static async Task<IReadOnlySet<string>> LockBlockedAsync(
        NpgsqlConnection connection, ShardBatch batch, DateTimeOffset? lastChangeAt, IReadOnlyCollection<string> itemKeys, CancellationToken cancellationToken, ConsumerSchema? schema = null)
    {
        await using var asking = connection.CreateBatch();
        asking.BatchCommands.Add(CheckpointCommand.For(batch, lastChangeAt, schema));
        asking.BatchCommands.Add(DeadLetterCommands.LockBlocked(itemKeys, schema));
        await using var rows = await asking.ExecuteReaderAsync(cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        var blocked = new HashSet<string>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellationToken))
        {
            blocked.Add(rows.GetString(0));
        }

        return blocked;
    }
}
