using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using Orders.Domain.Item;
using Orders.Sync;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Projection;

/// <summary>
/// The service's role is read-only for a while, twice, under load, and its sessions are made anew meanwhile.
/// </summary>
public sealed class ReadOnlyWindowsTests(TestEngines engines)
{
    [Fact]
    public async Task What_came_during_a_read_only_window_is_applied_after_it()
    {
        var stores = await engines.CreateStoresAsync();
        await using var admin = NpgsqlDataSource.Create(stores.Postgres);
        var role = $"{stores.Table}_role";
        await ExecuteAsync(admin, $"CREATE ROLE {role} LOGIN SUPERUSER PASSWORD 'secret'");
        using var dynamo = StreamTable.Client(stores);
        await StreamTable.CreateAsync(dynamo, stores.Table, StreamViewType.NEW_AND_OLD_IMAGES);
        await using var app = await StartAsync(stores, role);
        using var stop = new CancellationTokenSource();
        var load = LoadAsync(dynamo, stores.Table, stop.Token);
        await Eventually.HoldsAsync(async () => await CountAsync(admin) > 0);

        for (var window = 0; window < 2; window++)
        {
            await ExecuteAsync(admin, $"ALTER ROLE {role} SET default_transaction_read_only = on");
            await ExecuteAsync(admin, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'");
            var before = await CountAsync(admin);

            // Long enough for retries of everything: each would put sessions into the pool.
            await Task.Delay(TimeSpan.FromSeconds(3), CancellationToken.None);
            (await CountAsync(admin)).ShouldBe(before);
            await ExecuteAsync(admin, $"ALTER ROLE {role} RESET default_transaction_read_only");
            await Eventually.HoldsAsync(async () => await CountAsync(admin) > before);
        }

        await stop.CancelAsync();
        var written = await load;
        await Eventually.HoldsAsync(async () => await CountAsync(admin) == written);
        await app.StopAsync();
    }

    private static async Task<WebApplication> StartAsync(TestStores stores, string role)
    {
        var settings = stores.Settings;
        settings["urls"] = "http://127.0.0.1:0";
        settings["Sync:Snapshot:Automatic"] = "false";
        settings["ConnectionStrings:orders"] = new NpgsqlConnectionStringBuilder(stores.Postgres) { Username = role, Password = "secret" }.ConnectionString;
        var app = SyncHost.Build(new() { EnvironmentName = "Development" }, settings);
        await app.StartAsync();
        return app;
    }

    private static async Task<int> LoadAsync(AmazonDynamoDBClient dynamo, string table, CancellationToken stop)
    {
        var written = 0;
        while (!stop.IsCancellationRequested)
        {
            await dynamo.PutItemAsync(new PutItemRequest { TableName = table, Item = OrderItem.From(SampleOrders.Placed(++written)) }, CancellationToken.None);
        }

        return written;
    }

    private static async Task<long> CountAsync(NpgsqlDataSource postgres)
    {
        await using var command = postgres.CreateCommand("SELECT count(*) FROM orders");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource postgres, string sql)
    {
        await using var command = postgres.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
