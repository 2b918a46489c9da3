namespace Orders.Bench.Simulation;

/// <summary>A machine's clock, for waits of the production code.</summary>
internal sealed class MachineTime(SimulatedMachine machine, EventQueue queue) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => queue.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Timer(machine, () => callback(state), dueTime);

    private sealed class Timer : ITimer
    {
        private bool _isOver;

        public Timer(SimulatedMachine machine, Action callback, TimeSpan dueTime) => _ = RunAsync(machine, callback, dueTime);

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException("a wait is waited once");

        public void Dispose() => _isOver = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task RunAsync(SimulatedMachine machine, Action callback, TimeSpan dueTime)
        {
            await machine.WaitAsync(dueTime);
            if (!_isOver)
            {
                callback();
            }
        }
    }
}
