using System.Threading.Channels;
using DynamoStreams.Leases;
using DynamoStreams.Reading;

namespace DynamoStreams.Applying;

/// <summary>Moves one shard's records from the stream to the handler: reads the next pages while it applies these.</summary>
internal sealed class ShardPump(
    ShardReader reader, BisectingApplier applier, ReadAheadBudget budget, ShardLease lease, StreamConsumerOptions options, ConsumerProgress progress, TimeProvider time)
{
    /// <summary>Pages read ahead: the budget bounds their bytes, this bounds how many small ones wait.</summary>
    private const int PagesAhead = 64;

    private readonly Channel<ReadPage> _pages = Channel.CreateBounded<ReadPage>(new BoundedChannelOptions(PagesAhead) { SingleReader = true, SingleWriter = true });
    private readonly long _started = time.GetTimestamp();
    private long _records;
    private long _appliedAt;
    private int _applying;

    public ShardLease Lease => lease;

    /// <summary>Whether everything that could be read is applied.</summary>
    public bool IsCaughtUp => reader.IsCaughtUp && Volatile.Read(ref _applying) == 0 && _pages.Reader.Count == 0;

    /// <summary>From now on an empty answer is the shard's end.</summary>
    public void EndWhenEmpty() => reader.EndWhenEmpty();

    /// <summary>How far it has come.</summary>
    public ShardProgress Progress()
    {
        var isCaughtUp = IsCaughtUp;
        var last = Interlocked.Read(ref _appliedAt);
        var (polls, idlePolls) = reader.Polls;
        return new ShardProgress
        {
            StreamArn = lease.StreamArn,
            ShardId = lease.ShardId,
            IsCaughtUp = isCaughtUp,
            LastProgressAt = time.GetUtcNow() - (isCaughtUp ? TimeSpan.Zero : time.GetElapsedTime(last == 0 ? _started : last)),
            Records = Interlocked.Read(ref _records),
            Polls = polls,
            IdlePolls = idlePolls,
        };
    }

    /// <summary>Runs to the shard's end. When it is stopped, the batch that is being applied gets a moment to finish.</summary>
    /// <exception cref="LeaseLostException">Another instance owns the shard.</exception>
    /// <exception cref="ShardGoneException">The service no longer knows the shard.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stopReading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var stopApplying = new CancellationTokenSource();
        await using var grace = cancellationToken.Register(() => stopApplying.CancelAfter(options.StopGrace));
        var reading = ReadAsync(stopReading.Token);
        try
        {
            await ApplyAllAsync(cancellationToken, stopApplying.Token);
        }
        finally
        {
            await stopReading.CancelAsync();
            _pages.Writer.TryComplete();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
            // What was read before the failure is still applied; then the failure reaches the one who applies.
            _pages.Writer.TryComplete(failure);
            throw;
        }
    }

    private async Task ApplyAllAsync(CancellationToken stopped, CancellationToken applying)
    {
        var pages = new List<ReadPage>();
        while (await _pages.Reader.WaitToReadAsync(stopped))
        {
            stopped.ThrowIfCancellationRequested();
            Volatile.Write(ref _applying, 1);
            var batch = Take(pages);
            try
            {
                await applier.ApplyAsync(batch, applying);
                Interlocked.Add(ref _records, batch.Records.Count);
                Interlocked.Exchange(ref _appliedAt, time.GetTimestamp());
                progress.Applied(batch);
            }
            finally
            {
                pages.ForEach(Free);
                pages.Clear();
                Volatile.Write(ref _applying, 0);
            }
        }
    }

    /// <summary>Everything that waits, up to the batch's bound: the further behind, the larger the batch and the cheaper its records.</summary>
    private ShardBatch Take(List<ReadPage> pages)
    {
        var count = 0;
        while (count < options.MaxBatch && _pages.Reader.TryRead(out var page))
        {
            pages.Add(page);
            count += page.Page.Records.Count;
        }

        return new ShardBatch(
            lease,
            pages.Count == 1 ? pages[0].Page.Records : [.. pages.SelectMany(page => page.Page.Records)],
            pages.Count > 0 && pages[^1].EndsShard);
    }

    private void Free(ReadPage page)
    {
        budget.Release(page.Reserved);
        page.Page.Dispose();
    }
}
