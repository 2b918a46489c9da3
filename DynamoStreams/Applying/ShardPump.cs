using System.Collections.Concurrent;
using System.Threading.Channels;
using DynamoStreams.Leases;
using DynamoStreams.Listing;
using DynamoStreams.Progress;
using DynamoStreams.Reading;
using DynamoStreams.Scheduling;

namespace DynamoStreams.Applying;

/// <summary>
/// Moves one shard's records from the stream to the handler. While one batch is committed, the next is
/// prepared, the pages behind it are read, and what follows the commit before it is finished.
/// </summary>
internal sealed class ShardPump(
    ShardReader reader, EndSearch search, BisectingApplier applier, ReadAheadBudget.Account budget, ShardLease lease, int maxBatch, TimeSpan stopGrace,
    ConsumerProgress progress, TimeProvider time)
{
    /// <summary>
    /// Pages read ahead: the budget bounds their bytes, this bounds how many small ones wait.
    /// </summary>
    private const int PagesAhead = 64;

    private readonly Channel<ReadPage> _pages = Channel.CreateBounded<ReadPage>(new BoundedChannelOptions(PagesAhead) { SingleReader = true, SingleWriter = true });
    private long _records;
    private long _progressAt = time.GetTimestamp();
    private volatile bool _getsNoMore;

    // Batches that are taken and not yet settled: of each, when the shard last had nothing more before it.
    private readonly ConcurrentQueue<long?> _inHand = new();

    public ShardLease Lease => lease;

    /// <summary>
    /// Whether everything that could be read is applied. Never when the shard is to end: others wait for
    /// that, however little it has to say.
    /// </summary>
    // In this order: a batch is in hand before its pages leave the channel.
    public bool IsCaughtUp => reader.IsCaughtUp && _pages.Reader.Count == 0 && _inHand.IsEmpty && !_getsNoMore && !search.HasChildren;

    /// <summary>From now on empty answers are the shard's end.</summary>
    public void EndWhenEmpty() => reader.EndWhenEmpty();

    /// <summary>
    /// How long ago the shard was last asked for more and had nothing, of those times up to which everything
    /// is applied. Null when it never was, and while the shard is to end. It says nothing of now: while
    /// nothing more is read or applied, it grows.
    /// </summary>
    public TimeSpan? CaughtUp => CaughtUpAt is { } at ? time.GetElapsedTime(at) : null;

    private long? CaughtUpAt
    {
        get
        {
            if (_getsNoMore || search.HasChildren)
            {
                return null;
            }

            // Against the pages' way: from the reader to the channel, and in hand before they leave it. So
            // none is overlooked that moves on meanwhile.
            var whenAllIsApplied = reader.EmptyAt;
            var isWaiting = _pages.Reader.TryPeek(out var page);
            return _inHand.TryPeek(out var beforeBatch) ? beforeBatch : isWaiting ? page.EmptyBefore : whenAllIsApplied;
        }
    }

    /// <summary>Whether the shard's stream gets no more records: then the shard is to end.</summary>
    public void GetsNoMore(bool value) => _getsNoMore = value;

    /// <summary>A child of the shard is written down.</summary>
    public void ChildIsKnown() => search.ChildIsKnown();

    /// <summary>Whether no child of the shard is known yet.</summary>
    public bool LacksChildren => !search.HasChildren;

    /// <summary>How far it has come.</summary>
    public ShardProgress Progress()
    {
        var isCaughtUp = IsCaughtUp;
        if (CaughtUpAt is { } caughtUpAt)
        {
            NoteProgress(caughtUpAt);
        }

        var (polls, idlePolls) = reader.Polls;
        return new ShardProgress
        {
            StreamArn = lease.StreamArn,
            ShardId = lease.ShardId,
            IsCaughtUp = isCaughtUp,
            LastProgressAt = time.GetUtcNow() - time.GetElapsedTime(Interlocked.Read(ref _progressAt)),
            Records = Interlocked.Read(ref _records),
            Polls = polls,
            IdlePolls = idlePolls,
        };
    }

    /// <summary>
    /// Runs to the shard's end. When it is stopped, the batch that is being applied gets a moment to finish.
    /// </summary>
    /// <exception cref="LeaseLostException">Another instance owns the shard.</exception>
    /// <exception cref="ShardGoneException">The service no longer knows the shard.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stopReading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var stopApplying = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var grace = cancellationToken.Register(() => stopApplying.CancelAfter(stopGrace));
        var reading = ReadAsync(stopReading.Token);
        try
        {
            await ApplyAllAsync(cancellationToken, stopApplying.Token);
        }
        finally
        {
            await stopReading.CancelAsideAsync();
            _pages.Writer.TryComplete();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            while (_pages.Reader.TryRead(out var page))
            {
                Free(page);
            }
        }

        await reading;
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await reader.RunAsync(_pages.Writer, cancellationToken);
            _pages.Writer.TryComplete();
        }
        catch (Exception failure)
        {
            // What was read before the failure is still applied; then the failure reaches the one who
            // applies.
            _pages.Writer.TryComplete(failure);
            throw;
        }
    }

    private async Task ApplyAllAsync(CancellationToken stopped, CancellationToken applying)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        var next = NextAsync(over.Token);
        try
        {
            while (await next is ({ } batch, var prepared, var pages))
            {
                next = NextAsync(over.Token);
                await ApplyAsync(batch, prepared, pages, stopped, applying);
                if (_inHand.Count == 1)
                {
                    // Nothing waits, so there is time; and who reads may be told that all is there.
                    await applier.SettledAsync(lease);
                }

                _inHand.TryDequeue(out _);
            }
        }
        finally
        {
            await over.CancelAsideAsync();
            await applier.SettledAsync(lease);
            await FreeAsync(next);
        }
    }

    private async Task ApplyAsync(ShardBatch batch, PreparedBatch? prepared, List<ReadPage> pages, CancellationToken stopped, CancellationToken applying)
    {
        try
        {
            stopped.ThrowIfCancellationRequested();
            await applier.ApplyAsync(batch, prepared, applying);
            Interlocked.Add(ref _records, batch.Records.Count);
            NoteProgress(time.GetTimestamp());
            progress.Applied(batch.Records.Count);
        }
        finally
        {
            pages.ForEach(Free);
        }
    }

    /// <summary>Takes and prepares the next batch. Without one when the shard has ended.</summary>
    private async Task<(ShardBatch? Batch, PreparedBatch? Prepared, List<ReadPage> Pages)> NextAsync(CancellationToken cancellationToken)
    {
        if (!await _pages.Reader.WaitToReadAsync(cancellationToken))
        {
            return (null, null, []);
        }

        var emptyBefore = _pages.Reader.TryPeek(out var first) ? first.EmptyBefore : null;
        _inHand.Enqueue(emptyBefore);
        var pages = Take();
        var records = pages.Count == 1 ? pages[0].Page.Records : [.. pages.SelectMany(page => page.Page.Records)];
        var batch = new ShardBatch(lease, records, EndsShard: pages.Count > 0 && pages[^1].EndsShard)
        {
            SinceEmpty = emptyBefore is { } at ? () => time.GetElapsedTime(at) : null,
        };
        return (batch, await Aside.RunAsync(() => applier.Prepare(batch)), pages);
    }

    // Stopped, or another owns the shard: what was prepared meanwhile is not applied here.
    private async Task FreeAsync(Task<(ShardBatch? Batch, PreparedBatch? Prepared, List<ReadPage> Pages)> next)
    {
        await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (next.IsCompletedSuccessfully)
        {
            (await next).Pages.ForEach(Free);
        }
    }

    /// <summary>
    /// Everything that waits, up to the batch's bound: the further behind, the larger the batch and the
    /// cheaper its records.
    /// </summary>
    private List<ReadPage> Take()
    {
        var pages = new List<ReadPage>();
        for (var count = 0; count < maxBatch && _pages.Reader.TryRead(out var page); count += page.Page.Records.Count)
        {
            pages.Add(page);
        }

        return pages;
    }

    // Who looks and who applies both note it; the later of two times stays.
    private void NoteProgress(long at)
    {
        for (var before = Interlocked.Read(ref _progressAt); before < at;)
        {
            before = Interlocked.CompareExchange(ref _progressAt, at, before) is var found && found == before ? at : found;
        }
    }

    private void Free(ReadPage page)
    {
        budget.Release(page.Reserved);
        page.Page.Dispose();
    }
}
