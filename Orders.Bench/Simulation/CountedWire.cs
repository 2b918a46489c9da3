namespace Orders.Bench.Simulation;

/// <summary>
/// A wire on which each call takes its time, and is counted. What has been sent happens, whatever becomes of
/// the sender.
/// </summary>
internal sealed class CountedWire(StoreCalls calls, EventQueue queue, SimulatedMachine machine, Random random) : IStoreWire
{
    // The store in memory answers at once: what takes time is the way there, the statement, and the way
    // back.
    public async Task<T> CallAsync<T>(string operation, Func<Task<T>> effect, Func<T, int> rows)
    {
        await queue.WaitAsync(StoreCalls.Latency(random) / 2);
        var answer = await effect();
        var count = rows(answer);
        calls.Count(operation, count);
        await queue.WaitAsync((StoreCalls.Latency(random) / 2) + (StoreCalls.ForRow * count));
        await machine.RunsAsync();
        return answer;
    }
}
