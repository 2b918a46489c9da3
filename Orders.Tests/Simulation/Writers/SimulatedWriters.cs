using Orders.Domain;
using Orders.Tests.Simulation.Table;

namespace Orders.Tests.Simulation.Writers;

/// <summary>
/// Whoever writes the table past the write API: importers, repair scripts, people. They put items at any version, delete them, and put them again from version 1.
/// </summary>
internal sealed class SimulatedWriters(World world, IReadOnlyList<Guid> orders)
{
    private static readonly Currency Euro = Currency.TryFind("EUR", out var euro) ? euro : throw new InvalidOperationException();

    private int _amount;

    /// <summary>Whether they go on.</summary>
    public bool IsOver { get; set; }

    /// <summary>Begins: a write now and then, in bursts.</summary>
    public void Begin() => world.After(world.Between(0, world.Chance(0.1) ? 3 : 0.3), () =>
    {
        if (IsOver)
            return;
        Write(world.OneOf(orders));
        Begin();
    });

    private void Write(Guid orderId)
    {
        if (world.Table.Find(orderId) is not { Order: var order })
            Put(orderId, 1, "placer");
        else if (world.Chance(0.12))
            world.Table.Write(orderId, null, "deleter");
        else if (world.Chance(0.15))
            Put(orderId, Math.Max(1, order.Version - world.Random.Next(0, 3)), "importer");
        else
            Put(orderId, order.Version + 1, "writer");
    }

    private void Put(Guid orderId, long version, string by)
    {
        var now = World.Epoch + TimeSpan.FromMilliseconds(Math.Floor(world.Now.TotalMilliseconds));
        var order = new Order
        {
            OrderId = orderId,
            MerchantId = "merchant-1",
            Status = (OrderStatus)world.Random.Next(3),
            Currency = Euro,
            Amount = ++_amount,
            Items = [],
            PlacedAt = World.Epoch,
            UpdatedAt = now,
            Version = version,
        };
        world.Table.Write(orderId, new ItemState(order, null), by);
    }
}
