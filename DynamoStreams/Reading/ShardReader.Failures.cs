using DynamoStreams.Api;
using DynamoStreams.Scheduling;
using Microsoft.Extensions.Logging;

namespace DynamoStreams.Reading;

/// <content>What failures ask for.</content>
internal sealed partial class ShardReader
{
    /// <summary>
    /// A shard that was just listed may be unknown to another part of the service for a moment.
    /// </summary>
    private const int NotFoundUntilDoubt = 4;

    /// <summary>
    /// So many looks in a row, with the longest wait between them, must say that the shard is gone.
    /// </summary>
    private const int LooksUntilGone = 5;

    /// <summary>
    /// After so many answers that records are trimmed, the oldest record that there is is looked at.
    /// </summary>
    private const int TrimmedUntilDoubt = 3;

    /// <summary>
    /// So many looks in a row, with the longest wait between them, must find no record at all before a shard
    /// counts as trimmed without one.
    /// </summary>
    private const int LooksUntilTrimmed = 5;

    private int _failures;
    private int _notFound;
    private int _looksGone;
    private int _trimmed;
    private int _looksTrimmed;

    private void Succeeded()
    {
        _failures = _notFound = _looksGone = _trimmed = _looksTrimmed = 0;
        if (_unchecked is not null)
        {
            (_unchecked, _silenceUntilChecked) = (null, SilenceUntilChecked);
        }
    }

    /// <summary>Does what a failure asks for. True when it was the last sign of the shard's end.</summary>
    private async Task<bool> ReactAsync(StreamsException failed, CancellationToken cancellationToken)
    {
        _failures++;
        var wait = PollingPolicy.Backoff(options, _failures, options.Jitter());

        // What did not even arrive says nothing of the iterator. After anything else another is taken,
        // behind the last record read.
        _iterator = failed.Failure is StreamsFailure.Unavailable or StreamsFailure.Throttled ? _iterator : null;
        switch (failed.Failure)
        {
            case StreamsFailure.ExpiredIterator:
                LogExpired(lease.ShardId);
                wait = _failures > 1 ? wait : TimeSpan.Zero;
                break;

            case StreamsFailure.NotFound when ++_notFound >= NotFoundUntilDoubt:
                if (await IsGoneAsync(cancellationToken))
                {
                    return CameToItsEnd ? true : throw new ShardGoneException(failed.Message, failed);
                }

                wait = options.LongestBackoff;
                break;

            case StreamsFailure.TrimmedData when _unchecked is not null:
                // The last record is older than a day, it seems, and all behind it was read by the iterator
                // that was to be checked.
                (_iterator, _unchecked, _silenceUntilChecked) = (_unchecked, null, PollingPolicy.Shorter(_silenceUntilChecked * 2, LongestSilence));
                break;

            case StreamsFailure.TrimmedData when _lastRead is not null && ++_trimmed >= TrimmedUntilDoubt:
                return await LookAtOldestAsync(failed, wait, cancellationToken);

            default:
                LogFailed(failed, lease.ShardId, failed.Failure, _failures);
                break;
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }

        return false;
    }

    // It said that it had ended, or that nothing was left while its stream was gone; now it is gone itself:
    // nothing came after what was read.
    private bool CameToItsEnd => IsNullSeen || (_endsWhenEmpty && _isCaughtUp);

    /// <summary>
    /// Whether a shard that the service does not find is gone: its stream must be listed without it as often
    /// as a lie is unlikely to last.
    /// </summary>
    private async Task<bool> IsGoneAsync(CancellationToken cancellationToken)
    {
        if (_endsWhenEmpty || (IsNullSeen && await search.FindAsync(_lastRead, cancellationToken)))
        {
            return true;
        }

        _looksGone = await search.IsGoneAsync(cancellationToken) switch
        {
            true => _looksGone + 1,
            false => 0,
            null => _looksGone,
        };
        LogUnknown(lease.ShardId, _looksGone);
        return _looksGone >= LooksUntilGone;
    }

    /// <summary>
    /// Records are trimmed, says the service. They are when the oldest that there is comes after the last
    /// that was read.
    /// </summary>
    private async Task<bool> LookAtOldestAsync(StreamsException failed, TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            var (oldest, isOpen) = await ShardPages.FindAsync(api, lease.Key, after: null, _ => true, cancellationToken);
            if (oldest is not null && SequenceNumber.Compare(oldest, _lastRead!) <= 0)
            {
                LogNotTrimmed(lease.ShardId, _lastRead!, oldest);
                _trimmed = _looksTrimmed = 0;
            }
            else if (oldest is null && ++_looksTrimmed < LooksUntilTrimmed)
            {
                // An empty shard is no independent evidence: the same service says both.
                LogNothingLeft(lease.ShardId, _lastRead!, _looksTrimmed);
                wait = options.LongestBackoff;
            }
            else if (oldest is null && !isOpen && IsNullSeen)
            {
                // It said that it had ended, and now all of it is trimmed: nothing came after what was read.
                return true;
            }
            else
            {
                LogTrimmed(lease.ShardId, _lastRead!);
                await leases.RecordGapAsync(lease, $"records after {_lastRead} were trimmed before they were read: {failed.Message}", cancellationToken);
                _lastRead = null;
                Succeeded();
                return false;
            }
        }
        catch (StreamsException again)
        {
            LogFailed(again, lease.ShardId, again.Failure, _failures);
        }

        await Task.Delay(wait, time, cancellationToken);
        return false;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Shard {ShardId}: the iterator expired, going on after the last record read")]
    private partial void LogExpired(string shardId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Shard {ShardId}: records after {SequenceNumber} were trimmed before they were read; the gap is written down")]
    private partial void LogTrimmed(string shardId, string sequenceNumber);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {ShardId}: records after {SequenceNumber} are said to be trimmed, and {Oldest} is still there; going on")]
    private partial void LogNotTrimmed(string shardId, string sequenceNumber, string oldest);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {ShardId}: records after {SequenceNumber} are said to be trimmed, and it has none at all, {Looks} times in a row")]
    private partial void LogNothingLeft(string shardId, string sequenceNumber, int looks);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {ShardId}: the service does not find it; its stream was listed without it {Looks} times in a row")]
    private partial void LogUnknown(string shardId, int looks);

    [LoggerMessage(Level = LogLevel.Error, Message = "Shard {ShardId}: record {SequenceNumber} cannot be decoded: {Reason}; it came like that {Answers} times")]
    private partial void LogUndecodable(string shardId, string sequenceNumber, string reason, int answers);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {ShardId}: reading failed ({Failure}), try {Failures}")]
    private partial void LogFailed(Exception exception, string shardId, StreamsFailure failure, int failures);
}
