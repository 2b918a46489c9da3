using Orders.Tests.Simulation.Machinery;
using Orders.Tests.Simulation.Sync;

namespace Orders.Tests.Simulation.Faults;

/// <summary>
/// What goes wrong, and when: chosen by chance, from a choice of kinds that differs from seed to seed, so that each kind also meets a world in which little else
/// goes wrong.
/// </summary>
internal sealed class FaultPlan
{
    private readonly World _world;
    private readonly SyncCluster _syncs;
    private readonly List<Action> _kinds = [];

    public FaultPlan(World world, SyncCluster syncs)
    {
        (_world, _syncs) = (world, syncs);
        (string Name, Action Effect)[] all =
        [
            ("kill", Kill), ("stop", Stop), ("freeze", Freeze), ("cut", Cut), ("loss", Loss), ("lies", Lies), ("split", Split), ("split", Split), ("clock", Clock),
            ("postgres away", PostgresAway), ("postgres frozen", PostgresFrozen), ("fail-over", FailOver), ("iterators", ExpireIterators), ("look up", LookUp),
        ];
        var chosen = all.Where(_ => world.Chance(0.5)).ToList();
        _kinds.AddRange(chosen.Select(kind => kind.Effect));
        world.Log.Add("faults", string.Join(", ", chosen.Select(kind => kind.Name)));
    }

    /// <summary>Lets something go wrong every few seconds until a moment.</summary>
    public void Run(TimeSpan until) => _world.After(_world.Between(0.2, 4), () =>
    {
        if (_world.Now > until || _kinds.Count == 0)
            return;
        _world.OneOf(_kinds)();
        Run(until);
    });

    /// <summary>Everything is mended.</summary>
    public void Lift()
    {
        _world.Log.Add("faults", "are over");
        (_world.IsCalm, _world.LossRate, _world.Stream.Lies.AreTold) = (true, 0, false);
        (_world.Postgres.IsDown, _world.Postgres.IsReadOnly) = (false, false);
        _world.Postgres.Thaw();
        foreach (var instance in _syncs.Instances)
        {
            instance.Links.ToList().ForEach(link => link.IsCut = false);
            instance.Process.Thaw();
        }

        _syncs.StartAll();
    }

    private void Kill() => _syncs.Replace(Place("is killed"), isKilled: true, _world.Between(0, 6));

    private void Stop() => _syncs.Replace(Place("is stopped"), isKilled: false, _world.Between(0, 6));

    private void Freeze() => Freeze(_syncs.Instances[Place("is frozen")].Process);

    private void Freeze(SimulatedProcess process)
    {
        process.Freeze();
        _world.After(_world.Between(0.1, _world.Chance(0.3) ? 15 : 4), process.Thaw);
    }

    private void Cut()
    {
        var link = _world.OneOf(_syncs.Instances[Place("is cut off")].Links);
        link.IsCut = true;
        _world.After(_world.Between(0.1, 12), () => link.IsCut = false);
    }

    private void Loss()
    {
        _world.Log.Add("faults", "calls and answers are lost");
        _world.LossRate = _world.Between(0.01, 0.3).TotalSeconds;
        _world.After(_world.Between(1, 8), () => _world.LossRate = 0);
    }

    private void Lies()
    {
        _world.Log.Add("faults", "the stream lies");
        var lies = _world.Stream.Lies;
        (lies.AreTold, lies.Rate) = (true, _world.Between(0.05, 1).TotalSeconds);
        _world.After(_world.Between(1, 10), () => lies.AreTold = false);
    }

    private void Split()
    {
        var open = _world.Stream.Open;
        if (_world.Stream.Shards.Count < 40)
            _world.Stream.Split(_world.OneOf(open), open.Count < 6 ? _world.Random.Next(1, 3) : 1);
    }

    private void Clock() => _syncs.Instances[Place("has its clock set")].Process.ClockOffset = _world.Between(-7200, 7200);

    private void PostgresAway()
    {
        _world.Log.Add("faults", "Postgres is away");
        _world.Postgres.IsDown = true;
        _world.Postgres.Restart();
        _world.After(_world.Between(0.2, 8), () => _world.Postgres.IsDown = false);
    }

    private void PostgresFrozen()
    {
        _world.Log.Add("faults", "Postgres is frozen");
        _world.Postgres.Freeze();
        _world.After(_world.Between(0.2, 8), _world.Postgres.Thaw);
    }

    private void FailOver()
    {
        _world.Log.Add("faults", "Postgres fails over, and may only be read for a while");
        _world.Postgres.Restart();
        _world.Postgres.IsReadOnly = true;
        _world.After(_world.Between(0.5, 6), () => _world.Postgres.IsReadOnly = false);
    }

    private void ExpireIterators()
    {
        _world.Log.Add("faults", "iterators expire");
        _world.Stream.IteratorsExpiredAt = _world.Now;
    }

    private void LookUp() => _syncs.Running.FirstOrDefault()?.RewriteFromTable();

    private int Place(string what)
    {
        var place = _world.Random.Next(_syncs.Instances.Count);
        _world.Log.Add("faults", $"{_syncs.Instances[place].Process.Name} {what}");
        return place;
    }
}
