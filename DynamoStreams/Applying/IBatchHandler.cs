using DynamoStreams.Leases;

namespace DynamoStreams.Applying;

/// <summary>Applies batches: the part that the user of this library writes.</summary>
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
    /// Prepares a batch while the previous one is still being applied. It must not touch a store. Optional.
    /// A failure is only logged; the batch is then passed to <see cref="ApplyAsync"/>, as are the parts of a
    /// batch that is split.
    /// </summary>
    /// <param name="batch">The records.</param>
    /// <returns>A function that applies this batch.</returns>
    PreparedBatch Prepare(ShardBatch batch) => cancellationToken => ApplyAsync(batch, cancellationToken);

    /// <summary>
    /// Waits for work that follows the commits. <see cref="ApplyAsync"/> may return after the commit and do
    /// later what the checkpoint does not cover, such as a cache. Called when no batch is waiting and when
    /// the shard is released. Optional.
    /// </summary>
    /// <param name="lease">The shard's.</param>
    Task SettledAsync(ShardLease lease) => Task.CompletedTask;

    /// <summary>
    /// Classifies a failure of <see cref="ApplyAsync"/>. Only a failure that is certainly caused by a record
    /// may be classified as one.
    /// </summary>
    /// <param name="failure">What was thrown.</param>
    FailureKind Classify(Exception failure);

    /// <summary>
    /// Sets aside one record that can never be applied: stores it with the reason as a dead letter, and
    /// commits the checkpoint after it.
    /// </summary>
    /// <param name="batch">A batch of just this record.</param>
    /// <param name="failure">Why it cannot be applied.</param>
    /// <param name="cancellationToken">Stops: either all is committed or nothing.</param>
    Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken);
}
