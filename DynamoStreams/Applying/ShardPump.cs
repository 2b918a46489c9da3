using System.Threading.Channels;
using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Reading;

namespace DynamoStreams.Applying;

/// <summary>Moves one shard's records from the stream to the handler: reads the next pages while it applies these.</summary>
internal sealed class ShardPump(ShardReader reader, BisectingApplier applier, ReadAheadBudget budget, ShardLease lease, int maxBatch, ConsumerProgress progress)
{
    /// <summary>Pages read ahead: the budget bounds their bytes, this bounds how many small ones wait.</summary>
    private const int PagesAhead = 64;

    private readonly Channel<RecordPage> _pages = Channel.CreateBounded<RecordPage>(new BoundedChannelOptions(PagesAhead) { SingleReader = true, SingleWriter = true });
    private int _unapplied;

    public ShardLease Lease => lease;

    /// <summary>Whether everything that could be read is applied.</summary>
    public bool IsCaughtUp => reader.IsCaughtUp && Volatile.Read(ref _unapplied) == 0 && _pages.Reader.Count == 0;

    /// <summary>Runs to the shard's end.</summary>
    /// <exception cref="LeaseLostException">Another instance owns the shard.</exception>
    /// <exception cref="ShardGoneException">The service no longer knows the shard.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync(stop.Token);
        try
        {
            await ApplyAllAsync(cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
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

    private async Task ApplyAllAsync(CancellationToken cancellationToken)
    {
        var pages = new List<RecordPage>();
        while (await _pages.Reader.WaitToReadAsync(cancellationToken))
        {
            var batch = Take(pages);
            try
            {
                await applier.ApplyAsync(batch, cancellationToken);
                progress.Applied(batch);
            }
            finally
            {
                pages.ForEach(Free);
                pages.Clear();
                Volatile.Write(ref _unapplied, 0);
            }
        }
    }

    /// <summary>Everything that waits, up to the batch's bound: the further behind, the larger the batch and the cheaper its records.</summary>
    private ShardBatch Take(List<RecordPage> pages)
    {
        var count = 0;
        while (count < maxBatch && _pages.Reader.TryRead(out var page))
        {
            pages.Add(page);
            count += page.Records.Count;
            Volatile.Write(ref _unapplied, count + 1);
        }

        return new ShardBatch(
            lease,
            pages.Count == 1 ? pages[0].Records : [.. pages.SelectMany(page => page.Records)],
            pages.Count > 0 && pages[^1].NextShardIterator is null);
    }

    private void Free(RecordPage page)
    {
        budget.Release(page.Bytes);
        page.Dispose();
    }
}
