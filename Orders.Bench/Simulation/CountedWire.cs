namespace Orders.Bench.Simulation;

/// <summary>
/// A connection on which each call takes time and is counted. A sent call takes effect, whatever happens to
/// the sender.
/// </summary>
internal sealed class CountedWire(StoreCalls calls, EventQueue queue, SimulatedMachine machine, Random random) : IStoreWire
{
    // The store in memory responds at once. The time is that of the request, the statement and the response.
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
