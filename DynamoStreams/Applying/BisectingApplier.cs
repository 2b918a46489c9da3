using DynamoStreams.Leases;
using DynamoStreams.Progress;
using DynamoStreams.Scheduling;
using Microsoft.Extensions.Logging;

namespace DynamoStreams.Applying;

/// <summary>
/// Applies every batch. A transient failure is retried with backoff. A fault of the set-up is retried too,
/// and reported as an error. A batch that times out is split. A batch that fails because of a record is
/// bisected down to this poison record, which is set aside, so that it blocks no others.
/// </summary>
internal sealed partial class BisectingApplier(IBatchHandler handler, PollingOptions options, ConsumerProgress progress, TimeProvider time, ILogger logger)
{
    // One time-out may be chance: a lock, or a checkpoint of the database.
    private const int TimeOutsUntilSmaller = 2;

    private readonly BatchSize _size = new();

    /// <summary>
    /// Lets the handler prepare a batch. A fault of a record shows when the batch is applied.
    /// </summary>
    /// <returns>Null when the handler failed.</returns>
    public PreparedBatch? Prepare(ShardBatch batch)
    {
        if (FindUndecodable(batch) is not null)
        {
            return null;
        }

        try
        {
            return handler.Prepare(batch);
        }
        catch (Exception failure)
        {
            LogNotPrepared(failure, batch.Lease.ShardId);
            return null;
        }
    }

    /// <summary>Waits for the handler's work that follows the commits.</summary>
    public Task SettledAsync(ShardLease lease) => handler.SettledAsync(lease);

    /// <summary>Applies a batch that was not prepared.</summary>
    /// <exception cref="LeaseLostException">Another instance owns the shard.</exception>
    public Task ApplyAsync(ShardBatch batch, CancellationToken cancellationToken) => ApplyAsync(batch, prepared: null, cancellationToken);

    /// <summary>Applies a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="prepared">What <see cref="Prepare"/> made of it.</param>
    /// <param name="cancellationToken">Stops applying.</param>
    /// <exception cref="LeaseLostException">Another instance owns the shard.</exception>
    public async Task ApplyAsync(ShardBatch batch, PreparedBatch? prepared, CancellationToken cancellationToken)
    {
        if (FindUndecodable(batch) is { } at)
        {
            await SetAsideAsync(batch, at, cancellationToken);
            return;
        }

        if (batch.Records.Count > _size.Most)
        {
            await ApplyHalvesAsync(batch, cancellationToken);
            return;
        }

        if (await TryAsync(batch, prepared ?? (token => handler.ApplyAsync(batch, token)), cancellationToken) is not { } failure)
        {
            _size.Fitted();
            return;
        }

        if (handler.Classify(failure) == FailureKind.Slow)
        {
            _size.TooLarge(batch.Records.Count);
            LogTooLarge(failure, batch.Lease.ShardId, batch.Records.Count, _size.Most);
            await ApplyHalvesAsync(batch, cancellationToken);
            return;
        }

        if (batch.Records.Count == 0)
        {
            // Even the checkpoint alone cannot be committed, so no record is to blame and none is set aside.
            throw failure;
        }

        if (batch.Records.Count == 1)
        {
            await SetAsideAsync(batch, failure, cancellationToken);
            return;
        }

        LogBisecting(failure, batch.Lease.ShardId, batch.Records.Count);
        await ApplyHalvesAsync(batch, cancellationToken);
    }

    private async Task SetAsideAsync(ShardBatch one, Exception failure, CancellationToken cancellationToken)
    {
        LogSetAside(failure, one.Lease.ShardId, one.Records[0].SequenceNumber);
        if (await TryAsync(one, token => handler.SetAsideAsync(one, failure, token), cancellationToken) is { } again)
        {
            throw again;
        }
    }

    /// <summary>
    /// Applies a batch that contains a record which cannot be decoded. The handler never sees such records.
    /// </summary>
    private async Task SetAsideAsync(ShardBatch batch, int at, CancellationToken cancellationToken)
    {
        if (at > 0)
        {
            await ApplyAsync(batch with { Records = [.. batch.Records.Take(at)], EndsShard = false }, cancellationToken);
        }

        var isLast = at == batch.Records.Count - 1;
        var one = batch with { Records = [batch.Records[at]], EndsShard = batch.EndsShard && isLast };
        await SetAsideAsync(one, new FormatException($"the record cannot be decoded: {batch.Records[at].Undecodable}"), cancellationToken);
        if (!isLast)
        {
            await ApplyAsync(batch with { Records = [.. batch.Records.Skip(at + 1)] }, cancellationToken);
        }
    }

    private static int? FindUndecodable(ShardBatch batch)
    {
        for (var at = 0; at < batch.Records.Count; at++)
        {
            if (batch.Records[at].Undecodable is not null)
            {
                return at;
            }
        }

        return null;
    }

    private async Task ApplyHalvesAsync(ShardBatch batch, CancellationToken cancellationToken)
    {
        var half = batch.Records.Count / 2;
        await ApplyAsync(batch with { Records = [.. batch.Records.Take(half)], EndsShard = false }, cancellationToken);
        await ApplyAsync(batch with { Records = [.. batch.Records.Skip(half)] }, cancellationToken);
    }

    /// <summary>
    /// Retries until the batch succeeds (null), fails because of a record, or has timed out more than once
    /// and can be split.
    /// </summary>
    private async Task<Exception?> TryAsync(ShardBatch batch, PreparedBatch apply, CancellationToken cancellationToken)
    {
        var (obstructed, delayed, timeOuts) = (false, false, 0);
        try
        {
            for (var failures = 1; ; failures++)
            {
                try
                {
                    await apply(cancellationToken);
                    return null;
                }
                catch (Exception failure) when (failure is not LeaseLostException && !cancellationToken.IsCancellationRequested)
                {
                    switch (handler.Classify(failure))
                    {
                        case FailureKind.Record:
                            return failure;
                        case FailureKind.Slow when batch.Records.Count > 1 && ++timeOuts == TimeOutsUntilSmaller:
                            return failure;
                        case FailureKind.Slow when batch.Records.Count <= 1:
                            delayed = true;
                            progress.Delayed(failure.Message);
                            LogDelayed(failure, batch.Lease.ShardId, failures);
                            break;
                        case FailureKind.Setup:
                            obstructed = true;
                            progress.Obstructed(failure.Message);
                            LogObstructed(failure, batch.Lease.ShardId, batch.Records.Count, failures);
                            break;
                        default:
                            LogRetry(failure, batch.Lease.ShardId, batch.Records.Count, failures);
                            break;
                    }

                    await Task.Delay(PollingPolicy.Backoff(options, failures, options.Jitter()), time, cancellationToken);
                }
            }
        }
        finally
        {
            if (obstructed)
            {
                progress.Obstructed(null);
            }

            if (delayed)
            {
                progress.Delayed(null);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {ShardId}: {Count} records could not be applied for now, try {Failures}")]
    private partial void LogRetry(Exception exception, string shardId, int count, int failures);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {ShardId}: a batch could not be prepared")]
    private partial void LogNotPrepared(Exception exception, string shardId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {ShardId}: {Count} records took too long, going on with {Most} at a time")]
    private partial void LogTooLarge(Exception exception, string shardId, int count, int most);

    [LoggerMessage(Level = LogLevel.Error, Message = "Shard {ShardId}: even a single record takes too long, try {Failures}")]
    private partial void LogDelayed(Exception exception, string shardId, int failures);

    [LoggerMessage(Level = LogLevel.Error, Message = "Shard {ShardId}: {Count} records wait until the database is put right, try {Failures}")]
    private partial void LogObstructed(Exception exception, string shardId, int count, int failures);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {ShardId}: a batch of {Count} records failed; looking for the record that causes it")]
    private partial void LogBisecting(Exception exception, string shardId, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Shard {ShardId}: record {SequenceNumber} cannot be applied and is set aside")]
    private partial void LogSetAside(Exception exception, string shardId, string sequenceNumber);
}
