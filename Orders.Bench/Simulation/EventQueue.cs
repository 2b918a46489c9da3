using System.Runtime.ExceptionServices;

namespace Orders.Bench.Simulation;

/// <summary>
/// Virtual time: the future events in order. Nothing sleeps, and there is one thread: a wait continues
/// inside the event that ends it, so that the same seed gives the same run. It must be used without a
/// synchronization context, and no task may be awaited twice, because .NET would continue one of the two on
/// another thread.
/// </summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Number)> _events = new();
    private long _scheduled;
    private Exception? _failure;
    private int _thread;

    public TimeSpan Now { get; private set; }

    /// <summary>Schedules an event.</summary>
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

    /// <summary>Starts a background process; its failure ends the run.</summary>
    public void Start(Func<Task> process) => _ = GuardAsync(process);

    /// <summary>Runs all events up to a point in time.</summary>
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

    /// <summary>Runs until a condition holds, checking it fifty times a second.</summary>
    /// <returns>The time that it took; null if it does not hold within the limit.</returns>
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
