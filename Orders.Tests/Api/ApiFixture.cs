using Orders.Tests.Engines;
using Xunit;

namespace Orders.Tests.Api;

/// <summary>One Orders.Api for a test class.</summary>
public sealed class ApiFixture(TestEngines engines) : IAsyncLifetime
{
    internal ApiService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await ApiService.StartAsync(await engines.CreateStoresAsync());

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
