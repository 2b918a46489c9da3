namespace Orders.Tests.Simulation.Faults;

/// <summary>
/// What goes wrong, and when: chosen by chance, from a choice of kinds that differs from seed to seed, so
/// that each kind also meets a world in which little else goes wrong.
/// </summary>
internal sealed class FaultPlan
{
    private readonly World _world;
    private readonly StoreFaults _stores;
    private readonly ProcessFaults _processes;
    private readonly List<(string Name, Action Begin)> _kinds;
    private readonly bool _isLong;

    public FaultPlan(World world, StoreFaults stores, ProcessFaults processes)
    {
        (_world, _stores, _processes) = (world, stores, processes);
        _isLong = world.Chance(0.1);
        var share = _isLong ? 0.05 : world.OneOf([0.2, 0.4, 0.7]);
        _kinds = [.. stores.All.Concat(processes.All).Where(_ => world.Chance(share))];
        world.Log.Add("faults", $"{(_isLong ? "a long one, " : "")}{string.Join(", ", _kinds.Select(kind => kind.Name))}");
    }

    /// <summary>Lets something go wrong every few seconds; or, seldom, one thing for long.</summary>
    /// <param name="until">Until when.</param>
    /// <returns>How much longer than that it takes.</returns>
    public TimeSpan Begin(TimeSpan until)
    {
        if (_kinds.Count > 0)
        {
            Next(until);
        }

        return _isLong ? _processes.BeginLong() : TimeSpan.Zero;
    }

    /// <summary>Everything is mended.</summary>
    public void Lift()
    {
        _world.Log.Add("faults", "are over");
        _world.IsCalm = true;
        _stores.Lift();
        _processes.Lift();
    }

    private void Next(TimeSpan until) => _world.After(_world.Between(0.2, 3), () =>
    {
        if (_world.Now > until)
        {
            return;
        }

        _world.Redis.Save();
        _world.OneOf(_kinds).Begin();
        Next(until);
    });
}
