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
        await Eventually.TrueAsync(async () => (await Service.Client.GetAsync("/health/ready")).IsSuccessStatusCode && await ReadsRedisAsync());
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
}
