using Orders.Domain;
using Orders.Tests.Engines;
using Xunit;

namespace Orders.Tests.Query;

/// <summary>A read model of 120 orders of every kind, several of one moment.</summary>
public sealed class ListFixture(TestEngines engines) : IAsyncLifetime
{
    internal static readonly DateTimeOffset Start = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);

    internal ReadStores Stores { get; private set; } = null!;

    internal QueryService Service { get; private set; } = null!;

    /// <summary>
    /// As a list has them: newest first, and among those of one moment by id as Postgres compares it.
    /// </summary>
    internal IReadOnlyList<Order> Orders { get; } =
    [
        .. Enumerable.Range(0, 120)
            .Select(number => Sample.Order(
                merchantId: $"merchant-{"abz"[number % 3]}",
                version: 1 + (number % 4),
                lines: number % 6,
                customerId: number % 5 == 0 ? null : $"customer-{number % 5}",
                status: (OrderStatus)(number % 7 % 5),
                currency: number % 4 == 0 ? "JPY" : "INR",
                placedAt: Start.AddSeconds(number / 3)))
            .OrderByDescending(order => order.PlacedAt)
            .ThenByDescending(order => order.OrderId.ToString(), StringComparer.Ordinal),
    ];

    public async ValueTask InitializeAsync()
    {
        Stores = await ReadStores.CreateAsync(engines);
        foreach (var order in Orders)
        {
            await Stores.StoreAsync(order);
        }

        Service = await QueryService.StartAsync(Stores.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Stores.DisposeAsync();
    }
}
