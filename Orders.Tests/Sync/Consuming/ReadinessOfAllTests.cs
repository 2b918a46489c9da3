using System.Net;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.Domain.Item;
using Orders.Sync;
using Orders.Tests.Api.Store;
using Orders.Tests.Engines;
using Orders.Tests.Query;
using Xunit;

namespace Orders.Tests.Sync.Consuming;

/// <summary>Two instances, one shard: what the holder cannot do, both say.</summary>
public sealed class ReadinessOfAllTests(TestEngines engines) : IAsyncLifetime
{
    private readonly List<WebApplication> _instances = [];
    private readonly HttpClient _client = new();
    private TestStores _stores = null!;
    private AmazonDynamoDBClient _dynamo = null!;
    private NpgsqlDataSource _postgres = null!;
    private TcpGate _streams = null!;
    private FaultyDynamo _table = null!;
    private int _orders;

    public async ValueTask InitializeAsync()
    {
        _stores = await engines.CreateStoresAsync();
        _postgres = NpgsqlDataSource.Create(_stores.Postgres);
        _dynamo = StreamTable.Client(_stores);
        await StreamTable.CreateAsync(_dynamo, _stores.Table, StreamViewType.NEW_AND_OLD_IMAGES);
        var address = new Uri(_stores.DynamoDb);
        _streams = new("127.0.0.1", address.Port);
        _table = await FaultyDynamo.StartAsync(_stores.DynamoDb);
        var settings = _stores.Settings;
        settings["AWS_ENDPOINT_URL_DYNAMODB"] = _table.Address;
        settings["urls"] = "http://127.0.0.1:0";
        settings["Sync:Snapshot:Automatic"] = "false";
        settings["Sync:Readiness:StalledAfterSeconds"] = "2";
        settings["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"] = $"http://127.0.0.1:{_streams.Port}";
        for (var i = 0; i < 2; i++)
        {
            var app = SyncHost.Build(new() { EnvironmentName = "Development" }, settings);
            _instances.Add(app);
            await app.StartAsync();
        }

        await AllAsync(HttpStatusCode.OK);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _instances)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        _client.Dispose();
        _dynamo.Dispose();
        await _streams.DisposeAsync();
        await _table.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task While_a_lock_keeps_the_holder_from_applying_nobody_is_ready()
    {
        await using (var locking = await _postgres.OpenConnectionAsync())
        {
            await using var transaction = await locking.BeginTransactionAsync();
            await using var command = new NpgsqlCommand("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE", locking, transaction);
            await command.ExecuteNonQueryAsync();
            await PutAsync();
            await AllAsync(HttpStatusCode.ServiceUnavailable, "without progress");
        }

        await AllAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task While_a_table_is_missing_to_the_holder_nobody_is_ready()
    {
        await ExecuteAsync("ALTER TABLE order_history RENAME TO hidden");
        await PutAsync();
        await AllAsync(HttpStatusCode.ServiceUnavailable);
        await ExecuteAsync("ALTER TABLE hidden RENAME TO order_history");

        await AllAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task While_the_stream_cannot_be_read_nobody_is_ready()
    {
        _streams.Shut();
        await AllAsync(HttpStatusCode.ServiceUnavailable);
        _streams.Open();

        await AllAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task While_orders_in_doubt_cannot_be_looked_up_nobody_is_ready()
    {
        _table.Before = call => Task.FromResult(call.Operation == "BatchGetItem" ? DynamoAnswer.Error("AccessDeniedException") : null);
        await ExecuteAsync("INSERT INTO sync.doubtful_orders (order_id) VALUES (gen_random_uuid())");
        await AllAsync(HttpStatusCode.ServiceUnavailable, "in doubt");
        _table.Before = _ => Task.FromResult<DynamoAnswer?>(null);

        await AllAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task While_heartbeats_fail_nobody_is_ready()
    {
        await ExecuteAsync("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$");
        await ExecuteAsync("CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON sync.instances FOR EACH STATEMENT EXECUTE FUNCTION refuse()");
        await AllAsync(HttpStatusCode.ServiceUnavailable, "no heartbeat");
        await ExecuteAsync("DROP TRIGGER refuse ON sync.instances");

        await AllAsync(HttpStatusCode.OK);
    }

    private Task AllAsync(HttpStatusCode code, string text = "") => Eventually.HoldsAsync(async () =>
    {
        foreach (var app in _instances)
        {
            var address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
            using var answer = await _client.GetAsync(new Uri($"{address}/health/ready"));
            if (answer.StatusCode != code || !(await answer.Content.ReadAsStringAsync()).Contains(text, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    });

    private async Task PutAsync() =>
        await _dynamo.PutItemAsync(new PutItemRequest { TableName = _stores.Table, Item = OrderItem.From(SampleOrders.Placed(++_orders)) });

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _postgres.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
