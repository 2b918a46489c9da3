using System.Net;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using Orders.Domain.Item;
using Orders.Sync;
using Orders.Tests.Engines;
using Orders.Tests.Query;
using Shouldly;
using Order = Orders.Domain.Order;

namespace Orders.Tests.Sync.Environments;

/// <summary>
/// A whole environment: a table, a database, an Orders.Sync and an Orders.Query that run. Which of them it
/// shares with another one is up to the test.
/// </summary>
internal sealed class OrdersEnvironment : IAsyncDisposable
{
    private readonly TestStores _stores;
    private readonly AmazonDynamoDBClient _dynamo;
    private WebApplication? _sync;
    private QueryService? _query;

    /// <param name="stores">Its table and database.</param>
    /// <param name="redis">The Redis that it is given.</param>
    public OrdersEnvironment(TestStores stores, string redis) => (_stores, _dynamo) = (stores with { Redis = redis }, StreamTable.Client(stores));

    public TestStores Stores => _stores;

    /// <summary>The address of Orders.Sync, when it runs.</summary>
    public WebApplication Sync => _sync!;

    public QueryService Query => _query!;

    public Task CreateTableAsync() => StreamTable.CreateAsync(_dynamo, _stores.Table, StreamViewType.NEW_AND_OLD_IMAGES);

    public Task DropTableAsync() => _dynamo.DeleteTableAsync(_stores.Table);

    /// <summary>Drops the database and makes an empty one of its name.</summary>
    public async Task RecreateDatabaseAsync()
    {
        await DropDatabaseAsync();
        await ExecuteOnServerAsync($"CREATE DATABASE {Database}");
    }

    public Task DropDatabaseAsync() => ExecuteOnServerAsync($"DROP DATABASE {Database} WITH (FORCE)");

    public async Task StartAsync()
    {
        await StartSyncAsync();
        _query = await QueryService.StartAsync(_stores.Settings);
    }

    public async Task StartSyncAsync()
    {
        var settings = _stores.Settings;
        settings["urls"] = "http://127.0.0.1:0";
        _sync = SyncHost.Build(new() { EnvironmentName = "Development" }, settings);
        await _sync.StartAsync();
    }

    /// <summary>Stops its services; its stores stay.</summary>
    public async Task StopAsync()
    {
        await StopSyncAsync();
        if (_query is not null)
        {
            await _query.StopAsync();
            await _query.DisposeAsync();
            _query = null;
        }
    }

    public async Task StopSyncAsync()
    {
        if (_sync is not null)
        {
            await _sync.StopAsync();
            await _sync.DisposeAsync();
            _sync = null;
        }
    }

    public Task PutAsync(Order order) => _dynamo.PutItemAsync(_stores.Table, OrderItem.From(order));

    /// <summary>Writes an order and waits until a read by its id comes from Redis as it is.</summary>
    public async Task PlaceAsync(Order order)
    {
        await PutAsync(order);
        await ServedAsync(order, "redis");
    }

    /// <summary>Waits until an order is read as it is, from a store or from any.</summary>
    public Task ServedAsync(Order order, string? by = null) => Eventually.HoldsAsync(async () =>
        await ReadAsync(order.OrderId) is { } read && read.Amount == order.Amount && read.Version == order.Version && (by is null || read.By == by));

    /// <summary>Reads by id.</summary>
    /// <returns>Null for a 404, and for a 503.</returns>
    public async Task<(decimal Amount, long Version, string By)?> ReadAsync(Guid orderId)
    {
        using var answer = await Query.Client.GetAsync($"/v1/orders/{orderId}");
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.ServiceUnavailable)
        {
            return null;
        }

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var order = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (order.RootElement.GetProperty("amount").GetDecimal(), order.RootElement.GetProperty("version").GetInt64(), answer.Headers.GetValues("X-Served-By").Single());
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        // Without a pool: a database that is dropped takes its connections with it.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_stores.Postgres) { Pooling = false }.ConnectionString);
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }

    /// <summary>Waits until a snapshot or rebuild of this read model is over.</summary>
    public Task SnapshotAsync(string kind = "snapshot") =>
        Eventually.HoldsAsync(async () => await ScalarAsync<int>($"SELECT count(*) FROM sync.snapshots WHERE kind = '{kind}' AND completed_at IS NOT NULL") > 0);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _dynamo.Dispose();
    }

    private string Database => new NpgsqlConnectionStringBuilder(_stores.Postgres).Database!;

    private async Task ExecuteOnServerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_stores.Postgres) { Database = "postgres", Pooling = false }.ConnectionString);
        await connection.ExecuteAsync(sql);
    }
}
