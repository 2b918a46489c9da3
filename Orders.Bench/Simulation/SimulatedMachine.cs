namespace Orders.Bench.Simulation;

/// <summary>
/// The machine of an instance. If it is killed, nothing on it continues; if it is frozen, everything
/// continues later. Its clock runs slower or faster than the database's. An offset of the clock cannot
/// matter, because nothing on it reads the time of day.
/// </summary>
/// <param name="queue">Virtual time.</param>
/// <param name="clockRate">Seconds of its clock per real second.</param>
internal sealed class SimulatedMachine(EventQueue queue, double clockRate)
{
    private static readonly Task Never = new TaskCompletionSource().Task;
    private List<TaskCompletionSource>? _frozen;

    public bool IsDead { get; private set; }

    public void Kill() => IsDead = true;

    public void Freeze() => _frozen ??= [];

    public void Thaw()
    {
        var frozen = _frozen ?? [];
        _frozen = null;
        frozen.ForEach(waiting => waiting.SetResult());
    }

    /// <summary>Waits on the machine's own clock.</summary>
    public async Task WaitAsync(TimeSpan wait)
    {
        await queue.WaitAsync(wait / clockRate);
        await RunsAsync();
    }

    /// <summary>Waits while the machine is frozen.</summary>
    public async Task RunsAsync()
    {
        if (_frozen is { } frozen)
        {
            var waiting = new TaskCompletionSource();
            frozen.Add(waiting);
            await waiting.Task;
        }

        if (IsDead)
        {
            await Never;
        }
    }
}
