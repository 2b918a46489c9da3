using Orders.Bench.Simulation;

namespace Orders.Tests.Simulation.Postgres;

/// <summary>A process' way to the leases in Postgres.</summary>
internal sealed class PostgresWire(PostgresPool pool) : IStoreWire
{
    public Task<T> CallAsync<T>(string operation, Func<Task<T>> effect, Func<T, int> rows) =>
        pool.UseAsync(effect, writes: operation is not (StoreCalls.Look or "read lineage"), CancellationToken.None);
}
