using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.Domain;
using Orders.Domain.Cache;
using Orders.Tests.Engines;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

/// <summary>A Postgres that takes connections, or has taken them, and does not answer.</summary>
public sealed class SilentPostgresTests(TestEngines engines)
{
    // No judgement of a time: without a bound of ours, Npgsql's own would be 10 s and more.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task A_frozen_Postgres_keeps_nobody_waiting()
    {
        await using var postgres = await OwnPostgres.StartAsync();
        await RunAsync(postgres.ConnectionString, _ => postgres.FreezeAsync(), _ => Release(postgres.Thaw));
    }

    [Fact]
    public async Task A_network_that_swallows_everything_keeps_nobody_waiting()
    {
        var stores = await engines.CreateStoresAsync();
        var connection = new NpgsqlConnectionStringBuilder(stores.Postgres);
        await using var gate = new TcpGate(connection.Host!, connection.Port);
        connection.Port = gate.Port;
        await RunAsync(connection.ConnectionString, _ => Release(gate.Stall), _ => Release(gate.Resume));
    }

    [Fact]
    public async Task A_pool_without_a_free_connection_keeps_nobody_waiting()
    {
        var stores = await engines.CreateStoresAsync();
        var taken = new List<NpgsqlConnection>();
        await RunAsync(
            new NpgsqlConnectionStringBuilder(stores.Postgres) { MaxPoolSize = 4, Timeout = 60 }.ConnectionString,
            async service =>
            {
                for (var i = 0; i < 4; i++)
                {
                    taken.Add(await service.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync());
                }
            },
            async _ =>
            {
                foreach (var connection in taken)
                {
                    await connection.DisposeAsync();
                }
            });
    }

    [Fact]
    public async Task Statements_that_do_not_end_keep_nobody_waiting()
    {
        var stores = await engines.CreateStoresAsync();
        await using var locking = new NpgsqlConnection(stores.Postgres);
        await RunAsync(
            stores.Postgres,
            async _ =>
            {
                await locking.OpenAsync();
                await using var command = new NpgsqlCommand(
                    """
                    BEGIN;
                    LOCK TABLE orders, order_items, order_history, customers, products, hourly_totals, sync.tombstones, sync.shards, sync.change_feed
                      IN ACCESS EXCLUSIVE MODE
                    """,
                    locking);
                await command.ExecuteNonQueryAsync();
            },
            _ => locking.CloseAsync(),
            isReady: true);
    }

    private async Task RunAsync(string postgres, Func<QueryService, Task> silence, Func<QueryService, Task> release, bool isReady = false)
    {
        await using var stores = await ReadStores.CreateAsync(engines, postgres);
        await using var service = await QueryService.StartAsync(stores.Settings);
        var (cached, stored) = (Sample.Order(), Sample.Order());
        using var over = new CancellationTokenSource();
        var beating = stores.BeatAsync(over.Token);
        await stores.StoreAsync(stored);
        await Eventually.HoldsAsync(async () =>
        {
            await stores.CacheAsync(cached);
            return await ServedByAsync(service, cached) == "redis";
        });

        // Sessions that stand before it happens: those of a pool are the slowest to find out.
        foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.Client.GetAsync("/v1/orders"))))
        {
            answer.Dispose();
        }

        // Readers know of the writer, and that it lives.
        await Task.Delay(2 * OrderCache.TrustLifetime, CancellationToken.None);
        await silence(service);

        // The first ones find it out, the second ones know it.
        for (var round = 0; round < 2; round++)
        {
            await AskAsync(service, cached, stored, isReady);
        }

        await release(service);
        await Eventually.HoldsAsync(async () => await ServedByAsync(service, stored) is "postgres" or "redis");
        using var list = await service.Client.GetAsync("/v1/orders");
        list.StatusCode.ShouldBe(HttpStatusCode.OK);
        await over.CancelAsync();
        await beating;
    }

    private static async Task AskAsync(QueryService service, Order cached, Order stored, bool isReady)
    {
        string[] paths =
        [
            $"/v1/orders/{stored.OrderId}", $"/v1/orders/{stored.OrderId}?min_version=1", "/v1/orders", $"/v1/orders?ids={stored.OrderId}",
            $"/v1/orders/{stored.OrderId}/history", "/v1/orders/by-customer?ids=customer-7", "/v1/customers/customer-7", "/v1/customers?ids=customer-7",
            "/v1/products/tea-250", "/v1/products?ids=tea-250", "/v1/totals/hourly", "/v1/changes",
        ];
        var asked = paths.Select(path => service.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead)).ToList();
        var waiting = service.WaitForAsync(stored.OrderId, minVersion: 1, seconds: 1);
        var read = ServedByAsync(service, cached);
        var ready = service.Client.GetAsync("/health/ready");
        var status = service.Client.GetStringAsync("/v1/status");

        await Task.WhenAll([.. asked, waiting, read, ready, status]).WaitAsync(Bound);

        (await read).ShouldBe("redis");
        foreach (var (path, answer) in paths.Append("a wait").Zip(asked.Append(waiting)))
        {
            (await answer).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, path);
            (await answer).Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1), path);
            (await TestService.ProblemAsync(await answer)).GetProperty("detail").GetString()!.ShouldContain("does not answer", customMessage: path);
        }

        (await ready).StatusCode.ShouldBe(isReady ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable);
        JsonDocument.Parse(await status).RootElement.GetProperty("status").GetString().ShouldBe("down");
    }

    private static async Task<string?> ServedByAsync(QueryService service, Order order)
    {
        using var answer = await service.Client.GetAsync($"/v1/orders/{order.OrderId}");
        return answer.Headers.TryGetValues("X-Served-By", out var servedBy) ? servedBy.Single() : null;
    }

    private static Task Release(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
