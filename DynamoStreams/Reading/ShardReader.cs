using System.Threading.Channels;
using DynamoStreams.Api;
using DynamoStreams.Leases;
using Microsoft.Extensions.Logging;

namespace DynamoStreams.Reading;

/// <summary>Reads one shard from its checkpoint to its end, ahead of the one who applies, within the budget.</summary>
internal sealed partial class ShardReader(
    IStreamsApi api, ILeaseStore leases, ShardLease lease, PollingOptions options, ReadAheadBudget.Account budget, TimeProvider time, ILogger logger)
{
    /// <summary>What a first page may hold at most by the service's own limit; later ones are expected to be like the one before.</summary>
    private const int FirstPage = 1024 * 1024;

    private const int SmallestPage = 4 * 1024;

    /// <summary>A shard that was just listed may be unknown to another part of the service for a moment.</summary>
    private const int NotFoundUntilGone = 4;

    /// <summary>How long an iterator is good.</summary>
    private static readonly TimeSpan IteratorLife = TimeSpan.FromMinutes(15);

    private string? _lastRead = lease.Checkpoint;
    private int _expected = FirstPage;
    private int _failures;
    private int _notFound;
    private long? _nullSeenAt;
    private volatile bool _isCaughtUp;
    private volatile bool _endsWhenEmpty;
    private long _polls;
    private long _idlePolls;

    /// <summary>Whether the last answer was empty: nothing is left to read for now.</summary>
    public bool IsCaughtUp => _isCaughtUp;

    /// <summary>Calls of GetRecords that were answered, and how many of those answers were empty.</summary>
    public (long All, long Idle) Polls => (Interlocked.Read(ref _polls), Interlocked.Read(ref _idlePolls));

    // A null from longer ago says nothing any more: since then another iterator may have expired.
    private bool IsNullSeen => _nullSeenAt is { } seenAt && time.GetElapsedTime(seenAt) < IteratorLife;

    /// <summary>From now on an empty answer is the end: the shard's stream is gone, so nothing more can come.</summary>
    public void EndWhenEmpty() => _endsWhenEmpty = true;

    /// <summary>Reads until the shard ends or reading is stopped.</summary>
    /// <param name="pages">Takes every page that holds records, and at last an empty one that ends the shard.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ShardGoneException">The service no longer knows the shard.</exception>
    /// <exception cref="LeaseLostException">Another instance owns the shard.</exception>
    public async Task RunAsync(ChannelWriter<ReadPage> pages, CancellationToken cancellationToken)
    {
        if (lease.IsOverdue)
        {
            await leases.RecordGapAsync(lease, "the shard was not read for 24 hours; its first records may be trimmed", cancellationToken);
        }

        string? iterator = null;
        var lastRecord = time.GetTimestamp();
        while (true)
        {
            RecordPage page;
            await budget.ReserveAsync(_expected, cancellationToken);
            var reserved = _expected;
            try
            {
                iterator ??= await api.GetShardIteratorAsync(lease.StreamArn, lease.ShardId, _lastRead, cancellationToken);
                page = await api.GetRecordsAsync(iterator, cancellationToken);
            }
            catch (StreamsException failed)
            {
                budget.Release(reserved);
                if (IsNullSeen && failed.Failure is StreamsFailure.TrimmedData or StreamsFailure.NotFound)
                {
                    // It said that it had ended, and now it is gone: nothing came after what was read.
                    await EndAsync(pages, cancellationToken);
                    return;
                }

                iterator = await ReactAsync(failed, iterator, cancellationToken);
                continue;
            }
            catch
            {
                budget.Release(reserved);
                throw;
            }

            _failures = _notFound = 0;
            budget.Adjust(reserved, page.Bytes);
            _expected = Math.Max(page.Bytes, SmallestPage);
            iterator = page.NextShardIterator;
            var count = page.Records.Count;
            Interlocked.Increment(ref _polls);
            if (count > 0)
            {
                lastRecord = time.GetTimestamp();
                _lastRead = page.Records[^1].SequenceNumber;
                _isCaughtUp = false;
                await WriteAsync(pages, new ReadPage(page, page.Bytes, EndsShard: false), cancellationToken);
            }
            else
            {
                Interlocked.Increment(ref _idlePolls);
                budget.Release(page.Bytes);
                page.Dispose();
                _isCaughtUp = iterator is not null;
            }

            if (HasEnded(count, iterator))
            {
                await EndAsync(pages, cancellationToken);
                return;
            }

            // A null iterator is asked about at once: ended, or merely expired?
            var wait = iterator is null ? TimeSpan.Zero : PollingPolicy.Wait(options, count, time.GetElapsedTime(lastRecord));
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }
        }
    }

    /// <summary>
    /// A null next iterator ends a shard, but an emulator also leaves it out when an iterator has expired. So the shard has ended when a
    /// second iterator, from behind the last record, brings nothing and ends in null again before it can have expired. It may take several
    /// empty answers to get there. Neither the listing nor EndingSequenceNumber is asked: an emulator sets that on open shards.
    /// </summary>
    private bool HasEnded(int records, string? iterator)
    {
        var isSecondNull = IsNullSeen && records == 0 && iterator is null;
        if (iterator is null)
        {
            _nullSeenAt = time.GetTimestamp();
        }
        else if (records > 0)
        {
            _nullSeenAt = null;
        }

        return isSecondNull || (_endsWhenEmpty && records == 0);
    }

    private async Task EndAsync(ChannelWriter<ReadPage> pages, CancellationToken cancellationToken) =>
        await WriteAsync(pages, new ReadPage(new RecordPage([], nextShardIterator: null), Reserved: 0, EndsShard: true), cancellationToken);

    private async Task WriteAsync(ChannelWriter<ReadPage> pages, ReadPage page, CancellationToken cancellationToken)
    {
        try
        {
            await pages.WriteAsync(page, cancellationToken);
        }
        catch
        {
            budget.Release(page.Reserved);
            page.Page.Dispose();
            throw;
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

            case StreamsFailure.NotFound when ++_notFound >= NotFoundUntilGone:
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
