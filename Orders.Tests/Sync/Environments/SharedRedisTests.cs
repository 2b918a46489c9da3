using Orders.Tests.Engines;
using Orders.Tests.Query;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Environments;

/// <summary>
/// Environments that have one Redis after each other, or at the same time: none of them is told what another
/// one has.
/// </summary>
public sealed class SharedRedisTests(TestEngines engines) : IAsyncLifetime
{
    private readonly List<OrdersEnvironment> _environments = [];
    private OwnRedis _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await OwnRedis.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var environment in _environments)
        {
            await environment.DisposeAsync();
        }

        await _redis.DisposeAsync();
    }

    [Theory]
    [InlineData("new", "new")]
    [InlineData("new", "kept")]
    [InlineData("kept", "new")]
    public async Task After_a_restart_on_a_Redis_that_went_on_only_what_the_stores_have_is_served(string table, string database)
    {
        var environment = await CreateAsync();
        await environment.CreateTableAsync();
        await environment.StartAsync();
        var (gone, kept) = (SampleOrders.Placed(1m), SampleOrders.Placed(2m));
        await environment.PlaceAsync(gone);
        await environment.PlaceAsync(kept);
        await environment.SnapshotAsync();
        await environment.StopAsync();

        if (table == "new")
        {
            await environment.DropTableAsync();
            await environment.CreateTableAsync();
            await environment.PutAsync(kept with { Amount = 3m });
        }

        if (database == "new")
        {
            await environment.RecreateDatabaseAsync();
        }

        await environment.StartAsync();

        await environment.ServedAsync(table == "new" ? kept with { Amount = 3m } : kept);
        await Eventually.HoldsAsync(async () => await environment.ReadAsync(gone.OrderId) is null == (table == "new"));
    }

    [Fact]
    public async Task Two_at_once_that_write_the_same_orders_are_each_served_their_own()
    {
        var (one, other) = (await CreateAsync(), await CreateAsync());
        foreach (var environment in (OrdersEnvironment[])[one, other])
        {
            await environment.CreateTableAsync();
            await environment.StartAsync();
        }

        var order = SampleOrders.Placed(1m);
        await one.PlaceAsync(order);
        (await other.ReadAsync(order.OrderId)).ShouldBeNull();
        await other.PlaceAsync(order with { Amount = 2m });
        for (var version = 2; version <= 10; version++)
        {
            await one.PlaceAsync(order with { Version = version, Amount = 1m + version });
            (await other.ReadAsync(order.OrderId))!.Value.Amount.ShouldBe(version == 2 ? 2m : 99m + version);
            await other.PlaceAsync(order with { Version = version, Amount = 100m + version });
            (await one.ReadAsync(order.OrderId))!.Value.Amount.ShouldBe(1m + version);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_database_that_is_dropped_while_the_services_run_ends_what_Redis_serves_of_it(bool isMadeAnew)
    {
        var environment = await CreateAsync();
        await environment.CreateTableAsync();
        await environment.StartAsync();
        var order = SampleOrders.Placed(1m);
        await environment.PlaceAsync(order);

        if (isMadeAnew)
        {
            await environment.RecreateDatabaseAsync();
        }
        else
        {
            await environment.DropDatabaseAsync();
        }

        await Eventually.HoldsAsync(async () => await environment.ReadAsync(order.OrderId) is null);
    }

    private async Task<OrdersEnvironment> CreateAsync()
    {
        var environment = new OrdersEnvironment(await engines.CreateStoresAsync(), _redis.Configuration);
        _environments.Add(environment);
        return environment;
    }
}
