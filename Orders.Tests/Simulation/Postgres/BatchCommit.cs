using DynamoStreams.Applying;
using Orders.Sync.Projection;

namespace Orders.Tests.Simulation.Postgres;

/// <summary>What a batch asks of Postgres, in one transaction.</summary>
/// <param name="Batch">The batch: its lease and checkpoint.</param>
/// <param name="Changes">What its records come to.</param>
internal sealed record BatchCommit(ShardBatch Batch, ChangeSet Changes);
