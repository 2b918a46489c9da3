using System.Threading.Channels;
using DynamoStreams.Api;
using DynamoStreams.Leases;
using Microsoft.Extensions.Logging;

namespace DynamoStreams.Reading;

/// <summary>Reads one shard from its checkpoint to its end, ahead of the one who applies, within the budget.</summary>
internal sealed partial class ShardReader(
    IStreamsApi api, ILeaseStore leases, ShardLease lease, PollingOptions options, ReadAheadBudget budget, TimeProvider time, ILogger logger)
{
    private string? _lastRead = lease.Checkpoint;
    private int _failures;

    /// <summary>Whether the last answer was empty: nothing is left to read for now.</summary>
    public bool IsCaughtUp { get; private set; }

    /// <summary>Reads until the shard ends or reading is stopped.</summary>
    /// <param name="pages">Takes every page that holds records, and the last one even if it is empty. Each page's bytes are reserved from the budget.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ShardGoneException">The service no longer knows the shard.</exception>
    /// <exception cref="LeaseLostException">Another instance owns the shard.</exception>
    public async Task RunAsync(ChannelWriter<RecordPage> pages, CancellationToken cancellationToken)
    {
        string? iterator = null;
        var lastRecord = time.GetTimestamp();
        while (true)
        {
            RecordPage page;
            try
            {
                iterator ??= await api.GetShardIteratorAsync(lease.StreamArn, lease.ShardId, _lastRead, cancellationToken);
                page = await api.GetRecordsAsync(iterator, cancellationToken);
                _failures = 0;
            }
            catch (StreamsException failed)
            {
                iterator = await ReactAsync(failed, iterator, cancellationToken);
                continue;
            }

            iterator = page.NextShardIterator;
            IsCaughtUp = page.Records.Count == 0;
            if (page.Records.Count > 0)
            {
                lastRecord = time.GetTimestamp();
                _lastRead = page.Records[^1].SequenceNumber;
            }

            var count = page.Records.Count;
            if (count > 0 || iterator is null)
            {
                await budget.ReserveAsync(page.Bytes, cancellationToken);
                await pages.WriteAsync(page, cancellationToken);
            }

            if (iterator is null)
            {
                return;
            }

            var wait = PollingPolicy.Wait(options, count, time.GetElapsedTime(lastRecord));
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }
        }
    }

    /// <summary>Does what a failure asks for, and answers the iterator to go on with; null: get another after the last record read.</summary>
    private async Task<string?> ReactAsync(StreamsException failed, string? iterator, CancellationToken cancellationToken)
    {
        _failures++;
        switch (failed.Failure)
        {
            case StreamsFailure.ExpiredIterator:
                LogExpired(lease.ShardId);
                break;

            case StreamsFailure.NotFound:
                throw new ShardGoneException(failed.Message, failed);

            case StreamsFailure.TrimmedData when _lastRead is not null:
                LogTrimmed(lease.ShardId, _lastRead);
                await leases.RecordGapAsync(lease, $"records after {_lastRead} were trimmed before they were read: {failed.Message}", cancellationToken);
                _lastRead = null;
                return null;

            default:
                LogFailed(failed, lease.ShardId, failed.Failure, _failures);
                break;
        }

        // An iterator that merely met a throttle or a fault of the network is still good.
        var next = failed.IsTransient ? iterator : null;
        if (failed.Failure != StreamsFailure.ExpiredIterator || _failures > 1)
        {
            await Task.Delay(PollingPolicy.Backoff(options, _failures, Random.Shared.NextDouble()), time, cancellationToken);
        }

        return next;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Shard {ShardId}: the iterator expired, going on after the last record read")]
    private partial void LogExpired(string shardId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Shard {ShardId}: records after {SequenceNumber} were trimmed before they were read; the gap is written down")]
    private partial void LogTrimmed(string shardId, string sequenceNumber);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {ShardId}: reading failed ({Failure}), try {Failures}")]
    private partial void LogFailed(Exception exception, string shardId, StreamsFailure failure, int failures);
}
