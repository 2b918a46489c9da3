using Orders.Domain;
using Orders.Tests.Simulation.Table;

namespace Orders.Tests.Simulation.Writers;

/// <summary>
/// Who writes the table: clients of the write API; and others past it, importers, repair scripts, people.
/// These put items at any version, delete them, and put them again from version 1.
/// </summary>
internal sealed class SimulatedWriters(World world, IReadOnlyList<ApiClient> clients, IReadOnlyList<Guid> orders)
{
    private static readonly Currency Euro = Currency.TryFind("EUR", out var euro) ? euro : throw new InvalidOperationException();

    private int _amount;

    /// <summary>Whether they go on.</summary>
    public bool IsOver { get; set; }

    /// <summary>Begins.</summary>
    public void Begin()
    {
        BeginRaw();
        foreach (var client in clients)
        {
            client.Process.Run(() => _ = AskAsync(client));
        }
    }

    // A write now and then, in bursts.
    private void BeginRaw() => world.After(world.Between(0, world.Chance(0.1) ? 3 : 0.3), () =>
    {
        if (IsOver)
        {
            return;
        }

        WriteRaw(world.OneOf(orders));
        BeginRaw();
    });

    // The write API and whoever lowers versions have orders of their own.
    private bool IsOfApi(Guid orderId) => !world.Unspared.HasFlag(Weakness.LoweredUnderWrites) && orders.Take(orders.Count / 2).Contains(orderId);

    private void WriteRaw(Guid orderId)
    {
        if (IsOfApi(orderId))
        {
            RaiseRaw(orderId);
        }
        else if (world.Table.Find(orderId) is not { Order: var order })
        {
            world.Table.Write(orderId, new ItemState(Next(orderId, 1), null), "placer");
        }
        else if (world.Chance(0.12))
        {
            world.Table.Write(orderId, null, "deleter");
        }
        else if (world.Chance(0.15))
        {
            world.Table.Write(orderId, new ItemState(Next(orderId, Math.Max(1, order.Version - world.Random.Next(0, 3))), null), "importer");
        }
        else
        {
            world.Table.Write(orderId, new ItemState(Next(orderId, order.Version + 1), null), "writer");
        }
    }

    private void RaiseRaw(Guid orderId)
    {
        if (world.Chance(0.3) && world.Table.Find(orderId) is { Order: var order })
        {
            world.Table.Write(orderId, new ItemState(Next(orderId, order.Version + 1), null), "writer");
        }
    }

    private async Task AskAsync(ApiClient client)
    {
        while (!IsOver)
        {
            await world.Queue.WaitAsync(world.Between(0.05, 1.5));
            var orderId = world.OneOf(orders);
            if (IsOver || (!IsOfApi(orderId) && !world.Unspared.HasFlag(Weakness.LoweredUnderWrites)))
            {
                continue;
            }

            var version = world.Table.Find(orderId)?.Order.Version;
            var ifMatch = world.Chance(0.5) ? version : null;
            await (world.Auditor.Table.Changes(orderId) == 0 ? client.PlaceAsync(Next(orderId, 1))
                : world.Chance(0.1) && MayDelete(orderId) ? client.DeleteAsync(orderId, ifMatch)
                : client.ChangeAsync(orderId, ifMatch, world.OneOf([OrderStatus.Paid, OrderStatus.Shipped, OrderStatus.Completed])));
        }
    }

    // Whoever places an order sends its put again for a few seconds at most.
    private bool MayDelete(Guid orderId) =>
        world.Unspared.HasFlag(Weakness.DeletedUnderPlacing) || world.Now - world.Auditor.Table.Of(orderId).ElementAtOrDefault(1)?.At > TimeSpan.FromSeconds(12);

    private Order Next(Guid orderId, long version) => new()
    {
        OrderId = orderId,
        MerchantId = "merchant-1",
        CustomerId = null,
        Status = (OrderStatus)world.Random.Next(3),
        Currency = Euro,
        Amount = ++_amount,
        Items = [],
        PlacedAt = World.Epoch,
        UpdatedAt = World.Epoch + TimeSpan.FromMilliseconds(Math.Floor(world.Now.TotalMilliseconds)),
        Version = version,
    };
}
