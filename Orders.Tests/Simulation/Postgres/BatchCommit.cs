using DynamoStreams.Applying;
using Orders.Sync.Cache;
using Orders.Sync.Projection;

namespace Orders.Tests.Simulation.Postgres;

/// <summary>What a batch asks of Postgres, in one transaction.</summary>
/// <param name="Batch">The batch: its lease and checkpoint.</param>
/// <param name="Changes">What its records come to.</param>
/// <param name="Cached">How it may be committed so that no reader gets an older state from Redis.</param>
internal sealed record BatchCommit(ShardBatch Batch, ChangeSet Changes, CacheCommit Cached);
