using System.Collections.Concurrent;
using System.Threading.Channels;
using DynamoStreams.Leases;
using DynamoStreams.Listing;
using DynamoStreams.Progress;
using DynamoStreams.Reading;
using DynamoStreams.Scheduling;

namespace DynamoStreams.Applying;

/// <summary>
/// Moves one shard's records from the stream to the handler. Three things go on beside each commit: the next
/// batch is prepared, the pages after it are read, and the work that follows the previous commit is
/// finished.
/// </summary>
internal sealed class ShardPump(
    ShardReader reader, EndSearch search, BisectingApplier applier, ReadAheadBudget.Account budget, ShardLease lease, BatchBounds bounds,
    ConsumerProgress progress, TimeProvider time)
{
    /// <summary>
    /// The most pages read ahead. The budget bounds their bytes; this bounds their number.
    /// </summary>
    private const int PagesAhead = 64;

    private readonly Channel<ReadPage> _pages = Channel.CreateBounded<ReadPage>(new BoundedChannelOptions(PagesAhead) { SingleReader = true, SingleWriter = true });
    private long _records;
    private long _progressAt = time.GetTimestamp();
    private volatile bool _getsNoMore;

    // Batches taken and not yet committed: for each, when the shard last had nothing more before it.
    private readonly ConcurrentQueue<long?> _inHand = new();

    public ShardLease Lease => lease;

    /// <summary>
    /// Whether everything that could be read is applied. Never true while the shard is to end, since other
    /// shards wait for its end.
    /// </summary>
    // The order matters: a batch is counted before its pages leave the channel.
    public bool IsCaughtUp => reader.IsCaughtUp && _pages.Reader.Count == 0 && _inHand.IsEmpty && !_getsNoMore && !search.HasChildren;

    /// <summary>From now on empty pages mean that the shard has ended.</summary>
    public void EndWhenEmpty() => reader.EndWhenEmpty();

    /// <summary>
    /// How long ago the shard was last polled without result, counting only polls before which everything is
    /// applied (the shard's watermark). Null when there was none, and while the shard is to end. It grows
    /// while nothing is read or applied.
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

            // Checked against the direction in which pages move (reader, channel, batch), so that none is
            // missed that moves meanwhile.
            var whenAllIsApplied = reader.EmptyAt;
            var isWaiting = _pages.Reader.TryPeek(out var page);
            return _inHand.TryPeek(out var beforeBatch) ? beforeBatch : isWaiting ? page.EmptyBefore : whenAllIsApplied;
        }
    }

    /// <summary>Whether the shard's stream receives no more records, so that the shard must end.</summary>
    public void GetsNoMore(bool value) => _getsNoMore = value;

    /// <summary>A child of the shard is stored.</summary>
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
    /// Runs to the shard's end. When it is stopped, the current batch gets some time to finish.
    /// </summary>
    /// <exception cref="LeaseLostException">Another instance owns the shard.</exception>
    /// <exception cref="ShardGoneException">The service no longer knows the shard.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stopReading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var stopApplying = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var grace = cancellationToken.Register(() => stopApplying.CancelAfter(bounds.StopGrace));
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
            // What was read before the failure is still applied. Then the failure is rethrown to the
            // applying loop.
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
                    // No batch is waiting, so there is time for this; and readers may learn that everything
                    // is applied.
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

    /// <summary>Takes and prepares the next batch. There is none when the shard has ended.</summary>
    private async Task<(ShardBatch? Batch, PreparedBatch? Prepared, List<ReadPage> Pages)> NextAsync(CancellationToken cancellationToken)
    {
        if (!await _pages.Reader.WaitToReadAsync(cancellationToken))
        {
            return (null, null, []);
        }

        var emptyBefore = _pages.Reader.TryPeek(out var first) ? first.EmptyBefore : null;
        _inHand.Enqueue(emptyBefore);
        var pages = await CollectAsync(cancellationToken);
        var records = pages.Count == 1 ? pages[0].Page.Records : [.. pages.SelectMany(page => page.Page.Records)];
        var batch = new ShardBatch(lease, records, EndsShard: pages.Count > 0 && pages[^1].EndsShard)
        {
            SinceEmpty = emptyBefore is { } at ? () => time.GetElapsedTime(at) : null,
        };
        return (batch, await BackgroundWork.RunAsync(() => applier.Prepare(batch)), pages);
    }

    // Stopped, or the lease is lost: the prepared batch is dropped.
    private async Task FreeAsync(Task<(ShardBatch? Batch, PreparedBatch? Prepared, List<ReadPage> Pages)> next)
    {
        await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (next.IsCompletedSuccessfully)
        {
            (await next).Pages.ForEach(Free);
        }
    }

    /// <summary>
    /// Takes pages until the batch is full or its time is over. What waits is taken anyway: the longer the
    /// backlog, the larger the batch and the cheaper each record.
    /// </summary>
    private async Task<List<ReadPage>> CollectAsync(CancellationToken cancellationToken)
    {
        var (pages, records, began) = (new List<ReadPage>(), 0, time.GetTimestamp());
        try
        {
            do
            {
                while (records < bounds.Records && _pages.Reader.TryRead(out var page))
                {
                    pages.Add(page);
                    records += page.Page.Records.Count;
                }
            }
            while (records < bounds.Records && pages is not [.., { EndsShard: true }] && await MoreAsync(bounds.Age - time.GetElapsedTime(began), cancellationToken));
            return pages;
        }
        catch
        {
            pages.ForEach(Free);
            throw;
        }
    }

    /// <summary>Waits for another page. There is none when the time is over, when a shard waits for the
    /// bytes that the collected pages hold, and when reading has ended or failed.</summary>
    private async Task<bool> MoreAsync(TimeSpan left, CancellationToken cancellationToken)
    {
        if (left <= TimeSpan.Zero || budget.Short.IsCompleted)
        {
            return false;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = _pages.Reader.WaitToReadAsync(over.Token).AsTask();
        await Task.WhenAny(reading, budget.Short, BackgroundWork.DelayAsync(left, time, over.Token));
        await over.CancelAsideAsync();
        await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancellationToken.ThrowIfCancellationRequested();
        return _pages.Reader.TryPeek(out _);
    }

    // Both the reader and the applying loop set it; the later time wins.
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
