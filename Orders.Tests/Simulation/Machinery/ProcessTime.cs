using Orders.Bench.Simulation;

namespace Orders.Tests.Simulation.Machinery;

/// <summary>
/// A process' clock and timers: virtual time. Its wall clock may be wrong, its steady clock is not.
/// </summary>
internal sealed class ProcessTime(SimulatedProcess process, EventQueue queue) : TimeProvider
{
    // A steady clock never says zero.
    private const long Start = TimeSpan.TicksPerHour;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => World.Epoch + queue.Now + process.ClockOffset;

    public override long GetTimestamp() => Start + queue.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(process, queue, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(SimulatedProcess process, EventQueue queue, Action callback) : ITimer
    {
        private int _set;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var set = ++_set;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                queue.At(queue.Now + dueTime, () => process.Enter(() => Fire(set, period)));
            }

            return true;
        }

        public void Dispose() => _set++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(int set, TimeSpan period)
        {
            if (set != _set)
            {
                return;
            }

            if (period > TimeSpan.Zero)
            {
                queue.At(queue.Now + period, () => process.Enter(() => Fire(set, period)));
            }

            callback();
        }
    }
}
