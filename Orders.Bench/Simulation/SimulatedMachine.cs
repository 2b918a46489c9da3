namespace Orders.Bench.Simulation;

/// <summary>
/// Where an instance runs: it may be killed, then nothing in it goes on; or frozen, then everything goes on
/// later. Its clock is slower or faster than the database's. By how much it is set wrong cannot matter, as
/// nothing that runs on it asks what time it is.
/// </summary>
/// <param name="queue">Virtual time.</param>
/// <param name="clockRate">Its seconds in a true second.</param>
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

    /// <summary>Waits by the machine's own clock.</summary>
    public async Task WaitAsync(TimeSpan wait)
    {
        await queue.WaitAsync(wait / clockRate);
        await RunsAsync();
    }

    /// <summary>Goes on when the machine does.</summary>
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
