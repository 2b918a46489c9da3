using DynamoStreams.Leases;
using DynamoStreams.Listing;
using DynamoStreams.Scheduling;
using DynamoStreams.Testing;

namespace Orders.Bench.Simulation;

/// <summary>
/// Reads a shard and applies its records in batches. It polls as often as the production policy says; polls
/// without records are counted without being simulated one by one.
/// </summary>
internal sealed class SimulatedPump(ShardLease lease, StreamShard shard, EndSearch search, SimulatedWorld world, SimulatedMachine machine, Random random)
{
    // The duration of GetRecords, and the minimum and maximum for a batch's transaction.
    private static readonly TimeSpan ReadTime = TimeSpan.FromMilliseconds(8);
    private const int LeastApplyMilliseconds = 5;
    private const int MostApplyMilliseconds = 60;

    private readonly PollingOptions _polling = world.Options.Polling;
    private TaskCompletionSource _news = new();
    private TimeSpan _lastRecord = world.Queue.Now;
    private TimeSpan _nextPoll = world.Queue.Now;
    private bool _isStopped;

    public ShardLease Lease => lease;

    /// <summary>Whether it has ended for any reason.</summary>
    public bool IsDone { get; private set; }

    public bool IsStopped => _isStopped;

    /// <summary>The transaction that it is committing; null for none.</summary>
    public MemoryTransaction? Transaction { get; private set; }

    public long Polls { get; private set; }

    public void Start(Func<PumpEnd, Task> ended) => world.Queue.Start(() => RunAsync(ended));

    /// <summary>Stops it after its current batch.</summary>
    public void Stop()
    {
        _isStopped = true;
        Notice();
    }

    /// <summary>Counts the polls up to now.</summary>
    public void CountPolls()
    {
        while (_nextPoll < world.Queue.Now)
        {
            var wait = PollingPolicy.Wait(_polling, 0, _nextPoll - _lastRecord);
            var step = wait + ReadTime;

            // Once it is idle, all waits are equal.
            var times = wait == _polling.Idle ? (long)Math.Ceiling((world.Queue.Now - _nextPoll) / step) : 1;
            Polls += times;
            _nextPoll += step * times;
        }
    }

    private async Task RunAsync(Func<PumpEnd, Task> ended)
    {
        await machine.WaitAsync(ReadTime);
        world.Promises.Begins(shard);
        shard.Changed += Notice;
        var end = await ReadAsync();
        shard.Changed -= Notice;
        CountPolls();
        await ended(end);
        IsDone = true;
    }

    private async Task<PumpEnd> ReadAsync()
    {
        var position = lease.Checkpoint is null ? 0 : int.Parse(lease.Checkpoint);
        while (!_isStopped)
        {
            if (position == shard.Records.Count && !shard.IsClosed)
            {
                await _news.Task;
                _news = new();
                await machine.RunsAsync();
                continue;
            }

            CountPolls();
            await machine.WaitAsync(_nextPoll - world.Queue.Now + ReadTime);
            var count = shard.Records.Count - position;
            var ends = shard.IsClosed;
            if (ends)
            {
                await machine.WaitAsync(ReadTime * 2);
                ends = await HasSignAsync(position + count);
            }

            if (_isStopped)
            {
                break;
            }

            _lastRecord = count > 0 ? world.Queue.Now : _lastRecord;
            if (count == 0 && !ends)
            {
                await machine.WaitAsync(_polling.Idle);
                continue;
            }

            if (!await ApplyAsync(position, count, ends))
            {
                return PumpEnd.Lost;
            }

            position += count;
            if (ends)
            {
                return PumpEnd.Ended;
            }
        }

        return PumpEnd.Stopped;
    }

    private Task<bool> HasSignAsync(int position)
    {
        // The production code learns this from its next check of the leases.
        if (world.Store.HasChild(new(lease.StreamArn, lease.ShardId)))
        {
            search.ChildIsKnown();
        }

        return search.FindAsync(position == 0 ? null : position.ToString(), CancellationToken.None);
    }

    private async Task<bool> ApplyAsync(int from, int count, bool ends)
    {
        await machine.WaitAsync(StoreCalls.Latency(random) / 2);
        if (world.Store.TryBegin(lease) is not { } transaction)
        {
            return false;
        }

        Transaction = transaction;
        await machine.WaitAsync(TimeSpan.FromMilliseconds(random.Next(LeastApplyMilliseconds, MostApplyMilliseconds)));
        var isCommitted = world.Store.Commit(transaction, (from + count).ToString(), ends);
        Transaction = null;
        if (isCommitted)
        {
            world.Promises.Commits(shard, lease.FencingToken, from, count);
        }

        await machine.WaitAsync(StoreCalls.Latency(random) / 2);
        return isCommitted;
    }

    private void Notice() => _news.TrySetResult();
}
