using DynamoStreams.Leases;

namespace DynamoStreams.Applying;

/// <summary>Applies batches: the one part that a consumer of a table writes itself.</summary>
public interface IBatchHandler
{
    /// <summary>
    /// Applies a batch and commits its effect together with its checkpoint (in Postgres:
    /// <c>CheckpointCommand</c>) in one transaction. Called by one caller at a time for each shard; batches
    /// of several shards come at the same time.
    /// </summary>
    /// <param name="batch">The records.</param>
    /// <param name="cancellationToken">Stops applying: either all is committed or nothing.</param>
    /// <exception cref="LeaseLostException">Another instance owns the shard; nothing was
    /// committed.</exception>
    Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken);

    /// <summary>
    /// Makes of a batch what it takes to apply it, while the batch before is still being applied. Touches no
    /// store. Need not be written. What it fails with is only logged: the batch then goes to
    /// <see cref="ApplyAsync"/>, and so do the parts of one that is split.
    /// </summary>
    /// <param name="batch">The records.</param>
    /// <returns>What applies just this batch.</returns>
    PreparedBatch Prepare(ShardBatch batch) => cancellationToken => ApplyAsync(batch, cancellationToken);

    /// <summary>
    /// Ends when all is done that follows the batches that were applied. <see cref="ApplyAsync"/> may return
    /// when the batch is committed, and leave to the time of the next what the checkpoint does not vouch
    /// for, such as a cache. Waited for when no batch waits and when the shard is given up. Need not be
    /// written.
    /// </summary>
    /// <param name="lease">The shard's.</param>
    Task SettledAsync(ShardLease lease) => Task.CompletedTask;

    /// <summary>
    /// Whose fault a failure of <see cref="ApplyAsync"/> is. Whatever is not surely a record's must not be
    /// blamed on one.
    /// </summary>
    /// <param name="failure">What was thrown.</param>
    FailureKind Classify(Exception failure);

    /// <summary>
    /// Sets one record aside that can never be applied, whole, with the reason, and commits the checkpoint
    /// behind it.
    /// </summary>
    /// <param name="batch">A batch of just this record.</param>
    /// <param name="failure">Why it cannot be applied.</param>
    /// <param name="cancellationToken">Stops: either all is committed or nothing.</param>
    Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken);
}
