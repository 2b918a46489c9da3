using Orders.Bench.Simulation;

namespace Orders.Tests.Simulation.Machinery;

/// <summary>
/// A process of the operating system, as the synchronization context of all that runs in it: every
/// continuation waits its turn in virtual time, on one thread. It may be killed, then nothing in it goes on;
/// or frozen, then everything goes on later, timers included.
/// </summary>
internal sealed class SimulatedProcess(EventQueue queue, string name) : SynchronizationContext
{
    private readonly List<Action> _held = [];

    public string Name => name;

    public bool IsDead { get; private set; }

    public bool IsFrozen { get; private set; }

    public bool IsRunning => !IsDead && !IsFrozen;

    /// <summary>What the process' own clock is wrong by.</summary>
    public TimeSpan ClockOffset { get; set; }

    public void Kill() => IsDead = true;

    /// <summary>How often it was frozen.</summary>
    public int Freezes { get; private set; }

    public void Freeze() => (IsFrozen, Freezes) = (true, Freezes + 1);

    public void Thaw()
    {
        IsFrozen = false;
        var held = _held.ToList();
        _held.Clear();
        held.ForEach(Run);
    }

    public override void Post(SendOrPostCallback d, object? state) => Run(() => d(state));

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>
    /// Lets something happen in it, next. What a dead one left is finalized by another thread, some time.
    /// </summary>
    public void Run(Action effect)
    {
        if (!IsDead)
        {
            queue.At(queue.Now, () => Enter(effect));
        }
    }

    /// <summary>Lets something happen in it now, if it runs; when it is thawed, if it is frozen.</summary>
    public void Enter(Action effect)
    {
        if (IsDead)
        {
            return;
        }

        if (IsFrozen)
        {
            _held.Add(effect);
            return;
        }

        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            effect();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
