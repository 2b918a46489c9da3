using Orders.Tests.Engines;
using Xunit;

namespace Orders.Tests.Query;

/// <summary>Stores of a test class's own, and the service on them.</summary>
public sealed class QueryFixture(TestEngines engines) : IAsyncLifetime
{
    internal ReadStores Stores { get; private set; } = null!;

    internal QueryService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Stores = await ReadStores.CreateAsync(engines);
        Service = await QueryService.StartAsync(Stores.Settings);
        await Eventually.HoldsAsync(ReadsRedisAsync);
        await HearsChangesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Stores.DisposeAsync();
    }

    // The service connects to Redis in the background.
    private async Task<bool> ReadsRedisAsync()
    {
        var order = Sample.Order();
        await Stores.CacheAsync(order);
        using var answer = await Service.Client.GetAsync($"/v1/orders/{order.OrderId}");
        return answer.IsSuccessStatusCode;
    }

    // And it subscribes to the change feed after that. Only a message wakes who waits for this order:
    // Postgres does not have it.
    private async Task HearsChangesAsync()
    {
        var order = Sample.Order();
        var waiting = Service.WaitForAsync(order.OrderId, minVersion: 1, seconds: 30);
        await Service.WaitersAsync(1);
        await Stores.CacheAsync(order);
        await Stores.PublishUntilAsync(waiting, (order.OrderId, order.Version, order.MerchantId, "placed"));
        (await waiting).Dispose();
    }
}
