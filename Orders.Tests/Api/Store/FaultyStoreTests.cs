using Orders.Tests.Engines;
using Xunit;

namespace Orders.Tests.Api.Store;

/// <summary>
/// Tests of Orders.Api with a store that can be made faulty. Each test has a table of its own.
/// </summary>
public abstract class FaultyStoreTests(TestEngines engines) : IAsyncLifetime
{
    private TestStores _stores = null!;

    internal TestStores Stores => _stores;

    internal FaultyDynamo Dynamo { get; private set; } = null!;

    internal ApiService Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _stores = await engines.CreateStoresAsync();
        Dynamo = await FaultyDynamo.StartAsync(_stores.DynamoDb);
        Api = await StartAsync();
        Dynamo.Forget();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Api.DisposeAsync();
        await Dynamo.DisposeAsync();
    }

    /// <summary>Another Orders.Api on the same table.</summary>
    internal Task<ApiService> StartAsync(params (string Name, string? Value)[] settings) =>
        ApiService.StartAsync(_stores, [("AWS_ENDPOINT_URL_DYNAMODB", Dynamo.Address), .. settings]);
}
