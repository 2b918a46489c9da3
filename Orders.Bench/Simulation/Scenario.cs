using Orders.Bench.Measuring;

namespace Orders.Bench.Simulation;

/// <summary>The life of a stream with many shards and of its consumer instances, in virtual time.</summary>
internal sealed class Scenario
{
    // The promises of the design: a stopped instance hands over within one second, and a killed one is
    // replaced within five.
    private static readonly Bound HandOver = Bound.AtMost(1);
    private static readonly Bound TakeOver = Bound.AtMost(5);
    private static readonly Bound Never = Bound.AtMost(0);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BeforeTheStart = TimeSpan.FromSeconds(20);
    private readonly SimulationSettings _settings;
    private readonly Action<string> _tell;
    private readonly Random _random;
    private readonly SimulatedWorld _world;
    private readonly SimulatedCluster _cluster;
    private readonly SimulatedTraffic _traffic;
    private readonly List<SimulationFigure> _figures = [];

    public Scenario(SimulationSettings settings, Action<string> tell)
    {
        (_settings, _tell, _random) = (settings, tell, new Random(settings.Seed));
        _world = new SimulatedWorld(settings.Shards);
        _cluster = new SimulatedCluster(_world, _random);
        _traffic = new SimulatedTraffic(_world, _random);
    }

    public IReadOnlyList<SimulationFigure> Figures => _figures;

    public IReadOnlyList<string> Broken => _world.Promises.Broken;

    private EventQueue Queue => _world.Queue;

    /// <summary>Simulates everything. It must be called without a synchronization context.</summary>
    public void Run()
    {
        Backlog();
        Start();
        ScaleOut();
        Stop();
        Kill();
        Split();
        Churn();
        Drain();
    }

    /// <summary>
    /// Records written before any instance reads: so parents and their children are found together, with
    /// records in both.
    /// </summary>
    private void Backlog()
    {
        _traffic.Begin();
        Queue.RunUntil(BeforeTheStart);
        _traffic.Split(Math.Max(1, _settings.Shards / 20), within: BeforeTheStart);
        Queue.RunUntil(BeforeTheStart * 3);
    }

    private void Start()
    {
        Times(_settings.Instances, _cluster.Join);
        var found = Queue.RunUntil(_traffic.AreShardsFound, Patience);
        Add("start", "until every shard is found", found);
        var owned = Queue.RunUntil(() => _cluster.Balance() is not null, Patience);
        Add("start", "from then until every shard is owned", owned, TakeOver);
        Settle("start");
    }

    private void ScaleOut()
    {
        var moves = _world.Store.Moves;
        var joining = Math.Max(1, _settings.Instances / 5);
        Times(joining, _cluster.Join);
        Settle("scale-out", afterwards: TimeSpan.FromSeconds(5));

        // The shards that the new instances must get. One in fifty more may move: shares are whole numbers,
        // and shards roll meanwhile.
        var least = joining * (_world.Store.OpenShards(SimulatedStream.TableName).Count / _cluster.Count);
        Add("scale-out", $"shards moved, {least} at least", _world.Store.Moves - moves, "", Bound.AtMost((least * 1.02) + joining));
    }

    private void Stop()
    {
        Times(Math.Max(1, _settings.Instances / 5), _cluster.Stop);
        Settle("stop");
        AddTimes("stop", "hand-over", _cluster.HandOvers, HandOver);
    }

    private void Kill()
    {
        Times(Math.Max(1, _settings.Instances / 5), _cluster.Kill);
        Settle("kill");
        AddTimes("kill", "take-over", _cluster.TakeOvers, TakeOver);
    }

    private void Split()
    {
        var splits = Math.Max(1, _settings.Shards / 10);
        _traffic.Split(splits, within: TimeSpan.FromSeconds(20));
        Times(Math.Max(1, _settings.Instances / 10), () => Queue.At(Queue.Now + TimeSpan.FromSeconds(_random.Next(20)), () => Times(1, _cluster.Kill)));
        Times(Math.Max(1, _settings.Instances / 5), () => Queue.At(Queue.Now + TimeSpan.FromSeconds(_random.Next(20)), _cluster.Join));
        Queue.RunUntil(Queue.Now + TimeSpan.FromSeconds(20));
        Add("split", "until all children of the last are owned", Queue.RunUntil(() => _traffic.AreShardsFound() && _cluster.Balance() is not null, Patience));
        Settle("split");
        AddTimes("split", "take-over meanwhile", _cluster.TakeOvers, TakeOver);
    }

    private void Churn()
    {
        var (began, calls, polls, described, refused) = (Queue.Now, _world.Calls.All, _cluster.Polls, _world.Stream.Described, _world.Stream.Refused);
        var (looks, beats) = (_world.Calls.Of(StoreCalls.Look), _world.Calls.Of(StoreCalls.Heartbeat));
        for (var minute = 1; minute <= _settings.ChurnMinutes; minute++)
        {
            Disturb();
            var until = began + TimeSpan.FromMinutes(minute);
            Queue.RunUntil(until - TimeSpan.FromSeconds(_random.Next(10, 50)));
            Disturb();
            Queue.RunUntil(until);

            if (minute % 5 == 0)
            {
                _tell($"churn: {minute} of {_settings.ChurnMinutes} minutes, {_cluster.Count} instances, {_world.Promises.Records} records applied");
            }
        }

        var seconds = (Queue.Now - began).TotalSeconds;
        AddTimes("churn", "take-over", _cluster.TakeOvers, TakeOver);
        AddTimes("churn", "hand-over", _cluster.HandOvers, HandOver);
        Settle("churn");
        Add("churn", "calls of the lease store", (_world.Calls.All.Calls - calls.Calls) / seconds, "/s");
        Add("churn", "rows that looks read", (_world.Calls.Of(StoreCalls.Look).Rows - looks.Rows) / seconds, "/s");
        Add("churn", "rows that heartbeats write", (_world.Calls.Of(StoreCalls.Heartbeat).Rows - beats.Rows) / seconds, "/s");
        Add("churn", "GetRecords", (_cluster.Polls - polls) / seconds, "/s");
        Add("churn", "DescribeStream", (_world.Stream.Described - described) / seconds, "/s");
        Add("churn", "DescribeStream refused", (_world.Stream.Refused - refused) / seconds, "/s");
    }

    private void Disturb()
    {
        var isFew = _cluster.Count < _settings.Instances * 3 / 4;
        var isMany = _cluster.Count > _settings.Instances * 5 / 4;
        switch (_random.Next(10))
        {
            case < 4 when !isMany:
                _cluster.Join();
                break;
            case < 7 when !isFew:
                _cluster.Kill();
                break;
            case < 9 when !isFew:
                _cluster.Stop();
                break;
            default:
                _cluster.Freeze(TimeSpan.FromSeconds(8));
                break;
        }
    }

    private void Drain()
    {
        _traffic.End();
        Queue.RunUntil(Queue.Now + TimeSpan.FromSeconds(30));
        Add("end", "records applied", _world.Promises.Records, "");
        Add("end", "records lost", _world.Promises.Missing(), "", Never);
        Add("end", "shards nobody took", _cluster.Abandoned(), "", Never);
        Add("end", "applied twice, out of order, before a parent, or under an old lease", Broken.Count, "", Never);
    }

    private void Settle(string phase, TimeSpan afterwards = default)
    {
        Add(phase, "until the shares are fair", Queue.RunUntil(_cluster.IsBalanced, Patience));
        Queue.RunUntil(Queue.Now + afterwards);
        var (least, most) = _cluster.Balance() ?? (0, _settings.Shards);
        Add(phase, "most shards less fewest", most - least, "", Bound.AtMost(1));
        _tell($"{phase}: {_cluster.Count} instances with {least} to {most} shards each");
    }

    private void AddTimes(string phase, string what, List<TimeSpan> times, Bound bound)
    {
        var sorted = times.Select(time => time.TotalSeconds).Order().DefaultIfEmpty().ToList();
        Add(phase, $"{what} of {times.Count} shards, median", sorted[sorted.Count / 2], "s");
        Add(phase, $"{what}, longest", sorted[^1], "s", bound);
        times.Clear();
    }

    private void Add(string phase, string what, TimeSpan? took, Bound? bound = null) =>
        Add(phase, what, took?.TotalSeconds ?? double.PositiveInfinity, "s", bound ?? Bound.AtMost(Patience.TotalSeconds));

    private void Add(string phase, string what, double figure, string unit, Bound? bound = null) => _figures.Add(new(phase, what, figure, unit, bound));

    private static void Times(int count, Action effect)
    {
        for (var i = 0; i < count; i++)
        {
            effect();
        }
    }
}
