using Npgsql;
using Orders.Query.Http;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Tests.Simulation.Query;

/// <summary>A client that reads orders, now from one instance and now from another.</summary>
internal sealed class SimulatedReader(World world, IReadOnlyList<QueryInstance> queries, IReadOnlyList<Guid> orders, string name)
{
    private static readonly Caller Everybody = new("simulated", [Caller.EveryMerchant], []);

    /// <summary>Whether it goes on.</summary>
    public bool IsOver { get; set; }

    public void Begin() => world.After(world.Between(0.01, 0.4), () =>
    {
        if (IsOver)
        {
            return;
        }

        Read(world.OneOf(queries), world.OneOf(orders));
        Begin();
    });

    /// <summary>Reads an order from an instance.</summary>
    public void Read(QueryInstance query, Guid orderId)
    {
        if (query.Process.IsRunning)
        {
            query.Process.Run(() => _ = ReadAsync(query, orderId));
        }
    }

    private async Task ReadAsync(QueryInstance query, Guid orderId)
    {
        var read = world.Auditor.Reads.Begin(name, query.Process, orderId);
        try
        {
            var found = await query.Reader.FindAsync(orderId, Everybody, CancellationToken.None);
            world.Auditor.Reads.End(read, found?.Body, found?.ServedBy == ServedBy.Redis ? "Redis" : "Postgres");
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            // 503: nothing is said.
            world.Auditor.Reads.End(read);
        }
    }
}
