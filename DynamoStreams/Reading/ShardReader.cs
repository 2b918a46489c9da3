using System.Threading.Channels;
using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Listing;
using DynamoStreams.Scheduling;
using Microsoft.Extensions.Logging;

namespace DynamoStreams.Reading;

/// <summary>
/// Reads one shard from its checkpoint to its end, ahead of the one who applies, within the budget. No
/// single answer ends a shard, opens a gap or gives a shard up: docs/absence.md says what does.
/// </summary>
internal sealed partial class ShardReader(
    IStreamsApi api, ILeaseStore leases, ShardLease lease, PollingOptions options, ReadAheadBudget.Account budget, EndSearch search, TimeProvider time, ILogger logger)
{
    /// <summary>
    /// What a first page may hold at most by the service's own limit; later ones are expected to be like the
    /// one before.
    /// </summary>
    private const int FirstPage = 1024 * 1024;

    private const int SmallestPage = 4 * 1024;

    /// <summary>
    /// Empty pages in a row that end a shard whose stream is gone: all but the first are from iterators of
    /// their own.
    /// </summary>
    private const int EmptyPagesUntilEnd = 4;

    /// <summary>How long an iterator is good.</summary>
    private static readonly TimeSpan IteratorLife = TimeSpan.FromMinutes(15);

    /// <summary>
    /// An engine may lose an iterator without saying so: after so long a silence another is asked.
    /// </summary>
    private static readonly TimeSpan SilenceUntilChecked = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Where no other can be had, it is asked for less and less often, at the least so often.
    /// </summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(15);

    /// <summary>
    /// What an empty answer says holds for a moment beyond the longest wait until the next: a call may hang.
    /// </summary>
    private readonly TimeSpan _emptyHoldsFor = options.Idle + TimeSpan.FromSeconds(2);

    private string? _lastRead = lease.Checkpoint;
    private string? _iterator;
    private string? _unchecked;
    private TimeSpan _silenceUntilChecked = SilenceUntilChecked;
    private int _expected = FirstPage;
    private int _emptyPages;
    private long _lastRecordAt;
    private long _silentSince;
    private long? _nullSeenAt;

    // long.MinValue: no empty answer yet. No timestamp of the clock is that small.
    private long _emptyAt = long.MinValue;
    private volatile bool _isCaughtUp;
    private volatile bool _endsWhenEmpty;
    private long _polls;
    private long _idlePolls;

    /// <summary>Whether the last answer was empty, a moment ago: nothing is left to read for now.</summary>
    public bool IsCaughtUp => _isCaughtUp && EmptyAt is { } at && time.GetElapsedTime(at) <= _emptyHoldsFor;

    /// <summary>
    /// When it last asked for what was answered with nothing more; null when it never was.
    /// </summary>
    public long? EmptyAt => Interlocked.Read(ref _emptyAt) is not long.MinValue and var at ? at : null;

    /// <summary>Calls of GetRecords that were answered, and how many of those answers were empty.</summary>
    public (long All, long Idle) Polls => (Interlocked.Read(ref _polls), Interlocked.Read(ref _idlePolls));

    // A null from longer ago says nothing any more: since then another iterator may have expired.
    private bool IsNullSeen => _nullSeenAt is { } seenAt && time.GetElapsedTime(seenAt) < IteratorLife;

    /// <summary>
    /// From now on empty answers are the end: several listings say that the shard's stream is gone, so
    /// nothing more can come.
    /// </summary>
    public void EndWhenEmpty() => _endsWhenEmpty = true;

    /// <summary>Reads until the shard ends or reading is stopped.</summary>
    /// <param name="pages">Takes every page that holds records, and at last an empty one that ends the
    /// shard.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ShardGoneException">The service no longer knows the shard.</exception>
    /// <exception cref="LeaseLostException">Another instance owns the shard.</exception>
    public async Task RunAsync(ChannelWriter<ReadPage> pages, CancellationToken cancellationToken)
    {
        if (lease.IsOverdue)
        {
            await leases.RecordGapAsync(lease, "the shard was not read for 24 hours; its first records may be trimmed", cancellationToken);
        }

        _lastRecordAt = _silentSince = time.GetTimestamp();
        while (!await ReadAsync(pages, cancellationToken))
        {
        }

        await WriteAsync(pages, new ReadPage(new RecordPage([], nextShardIterator: null), Reserved: 0, EndsShard: true, EmptyAt), cancellationToken);
    }

    /// <summary>Reads a page. True when the shard has ended.</summary>
    private async Task<bool> ReadAsync(ChannelWriter<ReadPage> pages, CancellationToken cancellationToken)
    {
        RecordPage page;
        await budget.ReserveAsync(_expected, cancellationToken);
        var reserved = _expected;
        var asked = time.GetTimestamp();
        bool isCut;
        try
        {
            _iterator ??= await api.GetShardIteratorAsync(lease.StreamArn, lease.ShardId, _lastRead, cancellationToken);
            page = await api.GetRecordsAsync(_iterator, cancellationToken);
            isCut = CutUndecodable(page);
        }
        catch (StreamsException failed)
        {
            budget.Release(reserved);
            return await ReactAsync(failed, cancellationToken);
        }
        catch
        {
            budget.Release(reserved);
            throw;
        }

        Succeeded();
        budget.Adjust(reserved, page.Bytes);
        _expected = Math.Max(page.Bytes, SmallestPage);
        _iterator = isCut ? null : page.NextShardIterator;
        var count = page.Records.Count;
        Interlocked.Increment(ref _polls);
        if (count > 0)
        {
            _lastRecordAt = _silentSince = time.GetTimestamp();
            (_silenceUntilChecked, _emptyPages) = (SilenceUntilChecked, 0);
            _lastRead = page.Records[^1].SequenceNumber;
            _isCaughtUp = false;
            await WriteAsync(pages, new ReadPage(page, page.Bytes, EndsShard: false, EmptyAt), cancellationToken);
        }
        else
        {
            Interlocked.Increment(ref _idlePolls);
            budget.Release(page.Bytes);
            page.Dispose();
            _isCaughtUp = _iterator is not null;
            if (_isCaughtUp)
            {
                Interlocked.Exchange(ref _emptyAt, asked);
            }
        }

        if (isCut)
        {
            // The rest of the page is read again.
            return false;
        }

        return await HasEndedAsync(count, cancellationToken) || await WaitAsync(count, cancellationToken);
    }

    /// <summary>
    /// A null next iterator ends a shard, but an emulator also leaves it out when an iterator has expired.
    /// So a second iterator, from behind the last record, must bring nothing and end in null again before it
    /// can have expired; it may take several empty answers to get there. Both may be a lie of the same liar:
    /// then it takes a sign from elsewhere, and without one the shard stays open.
    /// </summary>
    private async Task<bool> HasEndedAsync(int records, CancellationToken cancellationToken)
    {
        if (_endsWhenEmpty && records == 0)
        {
            return _iterator is null || ++_emptyPages >= EmptyPagesUntilEnd;
        }

        var isSecondNull = IsNullSeen && records == 0 && _iterator is null;
        if (_iterator is null)
        {
            _nullSeenAt = time.GetTimestamp();
        }
        else if (records > 0)
        {
            _nullSeenAt = null;
        }

        if (records > 0)
        {
            search.Restart();
        }

        return isSecondNull && await search.FindAsync(_lastRead, cancellationToken);
    }

    /// <summary>Waits until it is time to ask again. Always false.</summary>
    private async Task<bool> WaitAsync(int records, CancellationToken cancellationToken)
    {
        var wait = PollingPolicy.Wait(options, records, time.GetElapsedTime(_lastRecordAt));
        if (_iterator is null)
        {
            // The first null is asked about at once: ended, or merely expired? After that there is time.
            wait = search.IsWaiting ? options.Idle : TimeSpan.Zero;
        }
        else if (records == 0 && (_endsWhenEmpty || time.GetElapsedTime(_silentSince) >= _silenceUntilChecked))
        {
            (_unchecked, _iterator) = (_iterator, null);
            _silentSince = time.GetTimestamp();
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }

        return false;
    }

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
}
