using System.Runtime.ExceptionServices;

namespace Orders.Bench.Simulation;

/// <summary>
/// Virtual time: what is to happen, in order. Nobody sleeps, and there is one thread: a wait ends in the
/// middle of the event that ends it, so that the same seed gives the same run. To be used where there is no
/// synchronization context; and no task may have two that await it, as the platform then takes one of them
/// to another thread.
/// </summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Number)> _events = new();
    private long _scheduled;
    private Exception? _failure;
    private int _thread;

    public TimeSpan Now { get; private set; }

    /// <summary>Lets something happen.</summary>
    public void At(TimeSpan when, Action effect)
    {
        if (_thread != 0 && _thread != Environment.CurrentManagedThreadId)
        {
            throw new InvalidOperationException("something has left the one thread of the simulation");
        }

        _events.Enqueue(effect, (when, _scheduled++));
    }

    /// <summary>Waits in virtual time.</summary>
    public Task WaitAsync(TimeSpan wait)
    {
        var over = new TaskCompletionSource();
        At(Now + wait, over.SetResult);
        return over.Task;
    }

    /// <summary>Starts what runs on by itself; its failure ends the run.</summary>
    public void Start(Func<Task> process) => _ = GuardAsync(process);

    /// <summary>Lets everything happen up to a moment.</summary>
    public void RunUntil(TimeSpan end)
    {
        _thread = Environment.CurrentManagedThreadId;
        while (_events.TryPeek(out var effect, out var due) && due.At <= end)
        {
            _events.Dequeue();
            Now = due.At;
            effect();
            if (_failure is not null)
            {
                ExceptionDispatchInfo.Throw(_failure);
            }
        }

        Now = end;
    }

    /// <summary>Runs until something is so, looking fifty times a second.</summary>
    /// <returns>How long it took; null when it is not so in the time allowed.</returns>
    public TimeSpan? RunUntil(Func<bool> isSo, TimeSpan within)
    {
        var began = Now;
        while (!isSo())
        {
            if (Now - began >= within)
            {
                return null;
            }

            RunUntil(Now + TimeSpan.FromMilliseconds(20));
        }

        return Now - began;
    }

    private async Task GuardAsync(Func<Task> process)
    {
        try
        {
            await process();
        }
        catch (Exception failure)
        {
            _failure ??= failure;
        }
    }
}
