using DynamoStreams.Applying;
using DynamoStreams.Leases;
using Npgsql;
using NpgsqlTypes;

namespace DynamoStreams.Postgres;

/// <summary>
/// The statement that makes a batch exactly-once: it commits the checkpoint, and fails when the lease is
/// lost (the fence).
/// </summary>
public static class CheckpointCommand
{
    /// <summary>
    /// Makes the statement. It must be the first of the batch's transaction: it locks the shard's row until
    /// the transaction ends.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="lastChangeAt">The item's own timestamp of the newest record, for display; null when
    /// there is none. It comes from a writer's clock, so the lag is not computed from it.</param>
    /// <param name="schema">The consumer's schema; null for <see cref="ConsumerSchema.Default"/>.</param>
    public static NpgsqlBatchCommand For(ShardBatch batch, DateTimeOffset? lastChangeAt, ConsumerSchema? schema = null) => new($"SELECT {ConsumerSchema.In(schema)}.checkpoint($1, $2, $3, $4, $5, $6, $7, $8, $9)")
    {
        Parameters =
        {
            new() { Value = batch.Lease.StreamArn },
            new() { Value = batch.Lease.ShardId },
            new() { Value = batch.Lease.FencingToken },
            new() { Value = (object?)batch.Checkpoint ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = batch.EndsShard },
            new() { Value = (long)batch.Records.Count },
            new() { Value = (object?)lastChangeAt ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            new() { Value = batch.Records is [.., { ApproximateCreation: var created }] && created > DateTimeOffset.UnixEpoch ? created : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            new() { Value = (object?)batch.SinceEmpty?.Invoke() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Interval },
        },
    };

    /// <summary>Runs the commit of a batch, and throws an exception of its own for a lost lease.</summary>
    /// <param name="lease">The shard's lease.</param>
    /// <param name="commit">Sends the statements; it may be part of a transaction.</param>
    /// <returns>What <paramref name="commit"/> returned.</returns>
    /// <exception cref="LeaseLostException">Another instance owns the shard; nothing was
    /// committed.</exception>
    public static async Task<T> FencedAsync<T>(ShardLease lease, Func<Task<T>> commit)
    {
        try
        {
            return await commit();
        }
        catch (PostgresException failure) when (IsLeaseLost(failure))
        {
            throw new LeaseLostException(lease.ShardId, failure);
        }
    }

    /// <summary>Whether a transaction failed because the lease is lost.</summary>
    /// <param name="failure">The transaction's failure.</param>
    public static bool IsLeaseLost(PostgresException failure) => failure.SqlState == ConsumerSqlStates.LeaseLost;
}
