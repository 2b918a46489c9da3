using DynamoStreams.Api;
using DynamoStreams.Scheduling;
using Microsoft.Extensions.Logging;

namespace DynamoStreams.Reading;

/// <content>The reactions to failures.</content>
internal sealed partial class ShardReader
{
    /// <summary>
    /// "Not found" is checked only after this many in a row: a new shard may be unknown to a part of the
    /// service for a moment.
    /// </summary>
    private const int NotFoundUntilDoubt = 4;

    /// <summary>
    /// This many checks in a row, with the longest backoff between them, must agree that the shard no longer
    /// exists.
    /// </summary>
    private const int LooksUntilGone = 5;

    /// <summary>
    /// After this many answers that records are trimmed, the oldest record of the shard is read.
    /// </summary>
    private const int TrimmedUntilDoubt = 3;

    /// <summary>
    /// This many checks in a row, with the longest backoff between them, must find no record before an empty
    /// shard counts as trimmed.
    /// </summary>
    private const int LooksUntilTrimmed = 5;

    /// <summary>
    /// This many empty pages in a row, while the shard has a later record, prove that an iterator is lost: a
    /// record that was written just now may take some.
    /// </summary>
    private const int EmptyPagesUntilLost = 10;

    private (string SequenceNumber, int EmptyPages)? _hidden;
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
            (_unchecked, _silenceUntilChecked) = (null, SilenceUntilChecked(options));
        }
    }

    /// <summary>Reacts to a failure. True when the failure proves the shard's end.</summary>
    private async Task<bool> ReactAsync(StreamsException failed, CancellationToken cancellationToken)
    {
        _failures++;
        var wait = PollingPolicy.Backoff(options, _failures, options.Jitter());

        // A call that was not served says nothing about the iterator, so it is kept. After any other failure
        // a new one is taken, after the last record read.
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
                // The last record is probably older than the 24 hours that records are kept. The iterator
                // under test has probably read everything after it, so it is used again, unless the shard
                // has a later record.
                // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
                (_iterator, _unchecked, _silenceUntilChecked) = (_unchecked, null, PollingPolicy.Shorter(_silenceUntilChecked * 2, LongestSilence));
                _hidden = await FindHiddenAsync(cancellationToken);
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

    /// <summary>
    /// Finds a record after the last one read, independently of the iterator, which returned none.
    /// </summary>
    private async Task<(string SequenceNumber, int EmptyPages)?> FindHiddenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (later, _) = await ShardPages.FindAsync(
                api, lease.Key, after: null, record => _lastRead is null || SequenceNumber.Compare(record.SequenceNumber, _lastRead) > 0, cancellationToken);
            return later is null ? null : (later, 0);
        }
        catch (StreamsException)
        {
            // The next check tries again.
            return null;
        }
    }

    /// <summary>
    /// Whether the iterator is lost: the shard has a record after the last one read, and the iterator still
    /// returns empty pages. Reading goes on at the oldest record. What was between the two may be trimmed,
    /// so a gap is recorded.
    /// </summary>
    private async Task<bool> IsLostAsync(CancellationToken cancellationToken)
    {
        if (_hidden is not { } hidden)
        {
            return false;
        }

        _hidden = hidden with { EmptyPages = hidden.EmptyPages + 1 };
        if (_hidden.Value.EmptyPages < EmptyPagesUntilLost)
        {
            return false;
        }

        LogLost(lease.ShardId, hidden.SequenceNumber, _lastRead);
        await leases.RecordGapAsync(lease, $"an iterator after {_lastRead} did not return {hidden.SequenceNumber}; what is between them may be trimmed", cancellationToken);
        (_hidden, _lastRead, _iterator, _isCaughtUp) = (null, null, null, false);
        return true;
    }

    // The shard had reported its end, or had nothing left in a removed stream. Now it no longer exists, so
    // no record followed those that were read.
    private bool CameToItsEnd => IsNullSeen || (_endsWhenEmpty && _isCaughtUp);

    /// <summary>
    /// Whether a shard that the service does not find no longer exists: its stream must be listed without it
    /// several times in a row.
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
    /// Checks an answer that records are trimmed. It is true when the oldest record that is left comes after
    /// the last record read.
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
                // An empty shard is no independent evidence: both answers come from the same service.
                LogNothingLeft(lease.ShardId, _lastRead!, _looksTrimmed);
                wait = options.LongestBackoff;
            }
            else if (oldest is null && !isOpen && IsNullSeen)
            {
                // The shard had reported its end, and now all its records are trimmed: none followed those
                // that were read.
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

    [LoggerMessage(Level = LogLevel.Error, Message = "Shard {ShardId}: the iterator after {LastRead} is lost, it does not return {SequenceNumber}; reading from the oldest record, the gap is written down")]
    private partial void LogLost(string shardId, string sequenceNumber, string? lastRead);

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
