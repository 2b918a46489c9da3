using Amazon.DynamoDBv2;
using Npgsql;
using Orders.Domain.Item;
using Orders.ServiceDefaults.Stores;
using Orders.Sync;
using Orders.Sync.Migrations;
using Orders.Tests.Engines;
using Orders.Tests.Sync.Operations;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Migrations;

/// <summary>A pooler in transaction mode in front of Postgres: what is a session's is anybody's.</summary>
public sealed class PoolerTests(TestEngines engines)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_tables_are_made_and_a_second_start_waits_for_nobody()
    {
        var stores = await engines.CreateStoresAsync();
        await using var pooler = await PgBouncer.StartAsync(stores.Postgres);
        await using var database = NpgsqlDataSource.Create(PostgresSetup.ReadConnectionString(pooler.ConnectionString, "orders-test"));

        (await ReadModelMigrations.ApplyAsync(database, CancellationToken.None).WaitAsync(Bound)).ShouldNotBeEmpty();

        for (var start = 0; start < 6; start++)
        {
            (await ReadModelMigrations.ApplyAsync(database, CancellationToken.None).WaitAsync(Bound)).ShouldBeEmpty();
        }

        await ShouldHoldNothingAsync(stores);
    }

    [Fact]
    public async Task Orders_arrive_in_Postgres_and_Redis_before_and_after_a_restart()
    {
        var stores = await engines.CreateStoresAsync();
        await using var pooler = await PgBouncer.StartAsync(stores.Postgres);
        using var dynamo = StreamTable.Client(stores);
        await StreamTable.CreateAsync(dynamo, stores.Table, StreamViewType.NEW_AND_OLD_IMAGES);
        await using var direct = NpgsqlDataSource.Create(stores.Postgres);
        var settings = stores.Settings;
        settings["urls"] = "http://127.0.0.1:0";
        settings["ConnectionStrings:orders"] = pooler.ConnectionString;

        for (var start = 0; start < 2; start++)
        {
            await using var app = SyncHost.Build(new() { EnvironmentName = "Development" }, settings);
            await app.StartAsync().WaitAsync(Bound);
            var order = SampleOrders.Placed();
            await dynamo.PutItemAsync(stores.Table, OrderItem.From(order));
            await Eventually.HoldsAsync(() => HoldsAsync(direct, $"SELECT EXISTS (SELECT FROM orders WHERE order_id = '{order.OrderId}')"));
            if (stores.Redis is not null)
            {
                await Eventually.HoldsAsync(() => HoldsAsync(direct, "SELECT EXISTS (SELECT FROM sync.cache_identity) AND NOT EXISTS (SELECT FROM sync.cache_suspensions)"));
            }

            await app.StopAsync();
        }

        await ShouldHoldNothingAsync(stores);
    }

    [Fact]
    public async Task A_comparison_says_that_it_needs_a_session_of_its_own()
    {
        var stores = await engines.CreateStoresAsync();
        await using var pooler = await PgBouncer.StartAsync(stores.Postgres);
        await using var direct = NpgsqlDataSource.Create(stores.Postgres);
        await ReadModelMigrations.ApplyAsync(direct, CancellationToken.None);
        using var dynamo = StreamTable.Client(stores);
        await StreamTable.CreateAsync(dynamo, stores.Table, StreamViewType.NEW_AND_OLD_IMAGES);
        await dynamo.PutItemAsync(stores.Table, OrderItem.From(SampleOrders.Placed()));
        var settings = stores.Settings;
        settings["ConnectionStrings:orders"] = pooler.ConnectionString;

        (await CommandLineRun.Async(settings, "", "reconcile").WaitAsync(Bound)).ShouldBe(new CommandLineRun(
            1, "",
            "ConnectionStrings__orders: A pooler in front of Postgres gives each statement another session, and a comparison needs one of its own. "
            + $"Name Postgres itself, or a pooler in session mode, for this.{Environment.NewLine}"));
    }

    // A lock that outlives its transaction stays with a session that nobody ends.
    private static async Task ShouldHoldNothingAsync(TestStores stores)
    {
        await using var direct = NpgsqlDataSource.Create(stores.Postgres);
        (await HoldsAsync(direct, "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))")).ShouldBeFalse();
    }

    private static async Task<bool> HoldsAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is true;
    }
}
