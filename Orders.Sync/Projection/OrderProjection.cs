using DynamoStreams.Applying;
using DynamoStreams.Leases;
using DynamoStreams.Postgres;
using Npgsql;
using Orders.Sync.Cache;

namespace Orders.Sync.Projection;

/// <summary>
/// Projects batches. Postgres first: rows, totals, history, what the cache still lacks and the shard's checkpoint in one transaction, which is one
/// round trip. Then Redis, through the version guard.
/// </summary>
internal sealed class OrderProjection(NpgsqlDataSource database, OrderCacheWriter cache, CacheRepairs repairs, SyncMetrics metrics, TimeProvider time) : IBatchHandler
{
    public async Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        var changes = ChangeSet.From(batch.Records);
        var repair = repairs.Begin(changes.Newest);
        await CommitAsync(batch, changes, repair, cancellationToken);
        var committed = time.GetUtcNow();
        metrics.Committed(changes, batch.Records.Count, committed - started, committed);
        ProjectionTrace.Record(changes.Versions, started, committed);
        if (repair is not null && await cache.TryWriteAsync(changes, cancellationToken))
        {
            repairs.Finish(repair);
        }
    }

    public bool IsTransient(Exception failure) => failure switch
    {
        // A serialization failure, a deadlock, and a database that stops, starts or is full: all pass without the records' doing.
        PostgresException refused => refused.IsTransient || refused.SqlState[..2] is "40" or "53" or "57" or "58" or "08",
        NpgsqlException or TimeoutException or IOException => true,
        _ => false,
    };

    public async Task SetAsideAsync(ShardBatch batch, Exception failure, CancellationToken cancellationToken)
    {
        await using var statements = database.CreateBatch();
        statements.BatchCommands.Add(CheckpointCommand.For(batch, lastChangeAt: null));
        statements.BatchCommands.Add(DeadLetterCommand.For(batch.Lease, [(batch.Records[0], failure.Message)]));
        await ExecuteAsync(statements, batch, cancellationToken);
        metrics.SetAside(1);
    }

    private async Task CommitAsync(ShardBatch batch, ChangeSet changes, CacheRepair? repair, CancellationToken cancellationToken)
    {
        await using var statements = database.CreateBatch();
        statements.BatchCommands.Add(CheckpointCommand.For(batch, changes.LastChangeAt));
        foreach (var command in ProjectionCommands.For(changes))
        {
            statements.BatchCommands.Add(command);
        }

        if (changes.Broken.Count > 0)
        {
            statements.BatchCommands.Add(DeadLetterCommand.For(batch.Lease, changes.Broken));
            metrics.SetAside(changes.Broken.Count);
        }

        var struck = repairs.TakeFinished();
        if (repair is not null || struck.Count > 0)
        {
            statements.BatchCommands.Add(CacheRepairs.Command(repair, struck));
        }

        try
        {
            await ExecuteAsync(statements, batch, cancellationToken);
        }
        catch
        {
            repairs.PutBack(struck);
            throw;
        }
    }

    /// <summary>
    /// Runs the statements as one implicit transaction: they go out together with one Sync message, so either all of them are committed or none.
    /// </summary>
    private static async Task ExecuteAsync(NpgsqlBatch statements, ShardBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            await statements.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException failure) when (CheckpointCommand.IsLeaseLost(failure))
        {
            throw new LeaseLostException(batch.Lease.ShardId, failure);
        }
    }
}
