using System.Threading.Channels;
using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Listing;
using DynamoStreams.Scheduling;
using Microsoft.Extensions.Logging;

namespace DynamoStreams.Reading;

/// <summary>
/// Reads one shard from its checkpoint to its end, ahead of the applying loop and within the budget. No
/// single answer ends a shard, opens a gap or abandons a shard; docs/absence.md lists the proofs.
/// </summary>
internal sealed partial class ShardReader(
    IStreamsApi api, ILeaseStore leases, ShardLease lease, PollingOptions options, ReadAheadBudget.Account budget, EndSearch search, TimeProvider time, ILogger logger)
{
    /// <summary>
    /// The size of a first page for the budget: the service's limit of 1 MB. Later pages are expected to be
    /// as large as the page before.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/GetRecords"/>
    /// </summary>
    private const int FirstPage = 1024 * 1024;

    private const int SmallestPage = 4 * 1024;

    // The part of the time until a silence is checked by which jitter shortens it, at most.
    private const double Soonest = 0.25;

    /// <summary>
    /// This many empty pages in a row end a shard whose stream was removed. Each but the first comes from a
    /// new iterator.
    /// </summary>
    private const int EmptyPagesUntilEnd = 4;

    /// <summary>
    /// How long an iterator is valid.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/GetShardIterator"/>
    /// </summary>
    private static readonly TimeSpan IteratorLife = TimeSpan.FromMinutes(15);

    /// <summary>The longest time between such checks, when no new iterator can be had.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long an empty answer counts: the longest wait until the next poll, and some time for a slow call.
    /// </summary>
    private readonly TimeSpan _emptyHoldsFor = options.Idle + TimeSpan.FromSeconds(2);

    private string? _lastRead = lease.Checkpoint;
    private string? _iterator;
    private string? _unchecked;
    private TimeSpan _silenceUntilChecked = SilenceUntilChecked(options);
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

    /// <summary>Whether the last answer was empty and recent: nothing is left to read for now.</summary>
    public bool IsCaughtUp => _isCaughtUp && EmptyAt is { } at && time.GetElapsedTime(at) <= _emptyHoldsFor;

    /// <summary>When the last poll that had nothing more was sent; null when there was none.</summary>
    public long? EmptyAt => Interlocked.Read(ref _emptyAt) is not long.MinValue and var at ? at : null;

    /// <summary>Successful calls of GetRecords, and how many of them returned no records.</summary>
    public (long All, long Idle) Polls => (Interlocked.Read(ref _polls), Interlocked.Read(ref _idlePolls));

    // An older null proves nothing, since the iterator may have expired in the meantime.
    private bool IsNullSeen => _nullSeenAt is { } seenAt && time.GetElapsedTime(seenAt) < IteratorLife;

    /// <summary>
    /// From now on empty pages mean the end: several listings agree that the shard's stream was removed, so
    /// no more records can come.
    /// </summary>
    public void EndWhenEmpty() => _endsWhenEmpty = true;

    /// <summary>Reads until the shard ends or reading is stopped.</summary>
    /// <param name="pages">Receives every page that holds records, and finally an empty one that ends the
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
            (_silenceUntilChecked, _emptyPages, _hidden) = (SilenceUntilChecked(options), 0, null);
            _lastRead = page.Records[^1].SequenceNumber;
            _isCaughtUp = false;
            await WriteAsync(pages, new ReadPage(page, page.Bytes, EndsShard: false, EmptyAt), cancellationToken);
        }
        else
        {
            Interlocked.Increment(ref _idlePolls);
            budget.Release(page.Bytes);
            page.Dispose();
            _isCaughtUp = _iterator is not null && _hidden is null;
            if (_isCaughtUp)
            {
                Interlocked.Exchange(ref _emptyAt, asked);
            }
        }

        if (count == 0 && await IsLostAsync(cancellationToken))
        {
            return false;
        }

        if (isCut)
        {
            // The rest of the page is read again.
            return false;
        }

        return await HasEndedAsync(count, cancellationToken) || await WaitAsync(count, cancellationToken);
    }

    /// <summary>
    /// A null NextShardIterator ends a shard, but an emulator also returns it when an iterator has expired.
    /// So a second iterator, after the last record, must return no records and end in null too, before it
    /// can expire; this may take several empty pages. Both answers come from the same source, so an
    /// independent sign is needed. Without it the shard stays open.
    /// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/GetRecords"/>
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

    /// <summary>Waits until the next poll. Always false.</summary>
    private async Task<bool> WaitAsync(int records, CancellationToken cancellationToken)
    {
        var wait = PollingPolicy.Wait(options, records, time.GetElapsedTime(_lastRecordAt));
        if (_iterator is null)
        {
            // The first null is checked at once: ended, or only expired? Later ones are checked at the
            // normal pace.
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

    // With jitter, and never later: shards that fell silent together are not checked together.
    private static TimeSpan SilenceUntilChecked(PollingOptions options) => options.UntilSilenceIsChecked * (1 - (Soonest * options.Jitter()));

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
