using DynamoStreams;
using DynamoStreams.Leases;
using DynamoStreams.Lineage;
using DynamoStreams.Listing;
using DynamoStreams.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Orders.Bench.Simulation;

/// <summary>
/// An instance of the consumer: the loops of <see cref="StreamConsumer"/> and its RunningShards in virtual
/// time, with the production code's lineage rules, fair share, lister and polling policy.
/// </summary>
internal sealed class SimulatedInstance
{
    // The round-trip time of Streams API calls.
    private static readonly TimeSpan StreamsRoundTrip = TimeSpan.FromMilliseconds(8);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly SimulatedWorld _world;
    private readonly Random _random;
    private readonly RemoteLeaseStore _leases;
    private readonly RemoteStreams _streams;
    private readonly MachineTime _time;
    private readonly ChildFilter _filter = new();
    private readonly StreamLister _lister;
    private readonly Dictionary<ShardKey, SimulatedPump> _pumps = [];
    private Task _listing = Task.CompletedTask;
    private TaskCompletionSource? _sleep;
    private int _wakes;
    private bool _isStopping;
    private bool _isBeating;
    private LeaseView? _settled;
    private long _formerPolls;

    public SimulatedInstance(SimulatedWorld world, string name, int seed)
    {
        (_world, Name, _random) = (world, name, new Random(seed));
        Machine = new SimulatedMachine(world.Queue, clockRate: 0.99 + (_random.NextDouble() * 0.02));
        _leases = new RemoteLeaseStore(world.Store, new CountedWire(world.Calls, world.Queue, Machine, _random));
        _streams = new RemoteStreams(world.Stream, Machine, StreamsRoundTrip);
        _time = new MachineTime(Machine, world.Queue);
        _lister = new StreamLister(_streams, _leases, world.Options, _time, NullLogger.Instance);
    }

    public string Name { get; }

    public SimulatedMachine Machine { get; }

    /// <summary>The open transactions of its process.</summary>
    public IEnumerable<MemoryTransaction> Transactions => _pumps.Values.Select(pump => pump.Transaction).OfType<MemoryTransaction>();

    public long Polls()
    {
        if (!Machine.IsDead)
        {
            foreach (var pump in _pumps.Values.Where(pump => !pump.IsDone))
            {
                pump.CountPolls();
            }
        }

        return _formerPolls + _pumps.Values.Sum(pump => pump.Polls);
    }

    public void Start()
    {
        _world.Queue.Start(() => RepeatAsync(HeartbeatAsync, _world.Options.RenewInterval, wakes: false));
        _world.Queue.Start(() => RepeatAsync(TurnAsync, _world.Options.LookInterval, wakes: true));
    }

    /// <summary>Releases every lease after its current batch, then leaves.</summary>
    public async Task StopAsync()
    {
        _isStopping = true;
        while (_isBeating)
        {
            await Machine.WaitAsync(Moment);
        }

        await _leases.StandDownAsync(Name, CancellationToken.None);
        foreach (var pump in _pumps.Values)
        {
            pump.Stop();
        }

        while (_pumps.Values.Any(pump => !pump.IsDone))
        {
            await Machine.WaitAsync(Moment);
        }

        await _leases.LeaveAsync(Name, CancellationToken.None);
    }

    private async Task RepeatAsync(Func<Task> effect, TimeSpan interval, bool wakes)
    {
        while (!_isStopping)
        {
            await effect();
            if (!wakes)
            {
                await Machine.WaitAsync(interval);
            }
            else if (_wakes > 0)
            {
                _wakes--;
            }
            else
            {
                await SleepAsync(interval);
            }
        }
    }

    private async Task SleepAsync(TimeSpan interval)
    {
        var sleep = _sleep = new TaskCompletionSource();
        _world.Queue.At(_world.Queue.Now + interval, () => sleep.TrySetResult());
        await sleep.Task;
        _sleep = null;
        await Machine.RunsAsync();
    }

    private void Wake()
    {
        if (_sleep?.TrySetResult() != true)
        {
            _wakes++;
        }
    }

    private async Task HeartbeatAsync()
    {
        _isBeating = true;
        var held = _pumps.Values.Where(pump => !pump.IsDone).Select(pump => (pump.Lease, (TimeSpan?)TimeSpan.Zero)).ToList();
        await _leases.HeartbeatAsync(SimulatedStream.TableName, Name, _world.Options.LeaseDuration, held, CancellationToken.None);
        _isBeating = false;
    }

    private async Task TurnAsync()
    {
        var view = await _leases.LookAsync(SimulatedStream.TableName, CancellationToken.None);
        if (_isStopping)
        {
            return;
        }

        Reconcile(view.Open);
        if (view.IsListingDue && _listing.IsCompleted)
        {
            _listing = ListAsync();
        }

        // At the last check there was nothing to do, and nothing has changed since.
        if (ReferenceEquals(view.Open, _settled?.Open) && ReferenceEquals(view.Instances, _settled.Instances))
        {
            return;
        }

        var moves = FairShare.Decide(Name, _world.Ready(view.Open), view.Instances, _world.Options.Patience);
        _settled = moves.Take.Count == 0 && moves.GiveUp.Count == 0 && !view.Open.Any(shard => shard.Free) ? view : null;
        await TakeAsync([.. moves.Take.Where(shard => !_pumps.ContainsKey(shard.Key))]);
        if (_pumps.Values.Any(pump => pump.IsStopped && !pump.IsDone))
        {
            return;
        }

        foreach (var shard in moves.GiveUp)
        {
            _pumps.GetValueOrDefault(shard.Key)?.Stop();
        }
    }

    private async Task TakeAsync(List<ShardState> shards)
    {
        if (shards.Count == 0)
        {
            return;
        }

        var leases = await _leases.TryAcquireAsync(shards, Name, _world.Options.LeaseDuration, CancellationToken.None);
        foreach (var lease in leases)
        {
            Run(lease);
        }

        if (leases.Count > 0 || shards.Exists(shard => shard.Owner is null))
        {
            Wake();
        }

        var got = leases.Select(lease => lease.ShardId).ToHashSet(StringComparer.Ordinal);
        foreach (var shard in shards.Where(shard => !got.Contains(shard.ShardId) && shard.Owner is not null && shard.FreeFor > _world.Options.RenewInterval))
        {
            if (await _leases.EvictAsync(shard, CancellationToken.None) > 0)
            {
                Wake();
            }
        }
    }

    private void Run(ShardLease lease)
    {
        var key = new ShardKey(lease.StreamArn, lease.ShardId);
        var search = new EndSearch(_streams, _leases, key, _world.Options.ListingPace, _filter, _time, NullLogger.Instance);
        var pump = _pumps[key] = new SimulatedPump(lease, _world.Stream.Find(lease.ShardId), search, _world, Machine, _random);
        pump.Start(end => EndedAsync(lease, end));
        if (_isStopping)
        {
            pump.Stop();
        }
    }

    private async Task EndedAsync(ShardLease lease, PumpEnd end)
    {
        if (end == PumpEnd.Stopped)
        {
            await _leases.ReleaseAsync(lease, CancellationToken.None);
        }

        Wake();
    }

    private void Reconcile(IReadOnlyList<ShardState> open)
    {
        foreach (var (key, pump) in _pumps.Where(entry => entry.Value.IsDone).ToList())
        {
            _formerPolls += pump.Polls;
            _pumps.Remove(key);
        }

        if (ReferenceEquals(open, _settled?.Open))
        {
            return;
        }

        foreach (var pump in _pumps.Values)
        {
            if (SimulatedWorld.Find(open, pump.Lease.ShardId) is { } shard && shard.FencingToken > pump.Lease.FencingToken)
            {
                pump.Stop();
            }
        }
    }

    private async Task ListAsync()
    {
        try
        {
            await _lister.ListWhenDueAsync(CancellationToken.None);
            Wake();
        }
        catch (DynamoStreams.Api.StreamsException)
        {
            // The production code logs it; the next check lists again.
        }
    }
}
