using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.Domain;
using Orders.Domain.Cache;
using Orders.Tests.Engines;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using StackExchange.Redis;
using Xunit;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;
using Order = Orders.Domain.Order;

namespace Orders.Tests.Query;

public sealed class OutageTests(TestEngines engines) : IAsyncLifetime
{
    private ReadStores _stores = null!;
    private TcpGate _postgres = null!;
    private TcpGate _redis = null!;
    private QueryService _service = null!;

    public async ValueTask InitializeAsync()
    {
        _stores = await ReadStores.CreateAsync(engines);
        var postgres = new NpgsqlConnectionStringBuilder(_stores.Settings["ConnectionStrings:orders"]);
        var redis = ConfigurationOptions.Parse(_stores.Settings["ConnectionStrings:redis"]!);
        _postgres = new(postgres.Host!, postgres.Port);
        _redis = new("127.0.0.1", ((IPEndPoint)redis.EndPoints[0]).Port);
        postgres.Port = _postgres.Port;
        _service = await QueryService.StartAsync(
            _stores.Settings,
            ("ConnectionStrings:orders", postgres.ConnectionString),
            ("ConnectionStrings:redis", $"127.0.0.1:{_redis.Port},password={redis.Password},defaultDatabase={redis.DefaultDatabase}"));
        await ReadsRedisAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _postgres.DisposeAsync();
        await _redis.DisposeAsync();
        await _stores.DisposeAsync();
    }

    [Fact]
    public async Task Without_Postgres_what_is_cached_is_read_and_all_else_is_503()
    {
        var (cached, stored) = (Sample.Order(), Sample.Order());
        await _stores.CacheAsync(cached);
        await _stores.StoreAsync(stored);
        using var over = new CancellationTokenSource();
        var beating = _stores.BeatAsync(over.Token);

        // Its beats are known, and that it lives.
        await Task.Delay(2 * OrderCache.TrustLifetime, CancellationToken.None);
        _postgres.Shut();

        (await GetAsync(cached)).ShouldBe((HttpStatusCode.OK, "redis"));
        string[] paths =
        [
            $"/v1/orders/{stored.OrderId}", $"/v1/orders/{stored.OrderId}?min_version=1", "/v1/orders", "/v1/orders/by-customer?ids=customer-7",
            $"/v1/orders/{stored.OrderId}/history", "/v1/customers/customer-7", "/v1/products/tea-250", "/v1/totals/hourly",
        ];
        foreach (var path in paths)
        {
            using var answer = await _service.Client.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, path);
            answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
            await TestService.ProblemAsync(answer);

            using var headers = await _service.Client.SendAsync(new(HttpMethod.Head, path));
            headers.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, $"HEAD {path}");
        }

        (await _service.Client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await StatusAsync()).GetProperty("status").GetString().ShouldBe("down");

        _postgres.Open();
        await Eventually.HoldsAsync(async () => (await GetAsync(stored)).Code == HttpStatusCode.OK);
        await over.CancelAsync();
        await beating;
    }

    [Fact]
    public async Task Without_Redis_orders_are_read_from_Postgres()
    {
        var order = Sample.Order();
        await _stores.StoreAsync(order);
        await _stores.CacheAsync(order);

        _redis.Shut();

        (await GetAsync(order)).ShouldBe((HttpStatusCode.OK, "postgres"));
        using var ready = await _service.Client.GetAsync("/health/ready");
        ready.StatusCode.ShouldBe(HttpStatusCode.OK);
        JsonDocument.Parse(await ready.Content.ReadAsStringAsync()).RootElement.GetProperty("status").GetString().ShouldBe("degraded");
        (await StatusAsync()).GetProperty("engines").GetProperty("redis").GetProperty("ok").GetBoolean().ShouldBeFalse();

        _redis.Open();
        await Eventually.HoldsAsync(async () => await GetAsync(order) == (HttpStatusCode.OK, "redis"));
    }

    [Fact]
    public async Task A_Redis_that_hangs_fails_no_request()
    {
        var orders = Enumerable.Range(0, 40).Select(_ => Sample.Order()).ToList();
        foreach (var order in orders)
        {
            await _stores.StoreAsync(order);
        }

        _redis.Stall();
        var answers = new List<(HttpStatusCode, string)>();
        foreach (var order in orders)
        {
            answers.Add(await GetAsync(order));
        }

        answers.Distinct().ShouldBe([(HttpStatusCode.OK, "postgres")]);
        _redis.Resume();
    }

    [Fact]
    public async Task Nothing_old_is_shown_when_Redis_is_back()
    {
        var order = Sample.Order(version: 1);
        await _stores.StoreAsync(order);
        await _stores.CacheAsync(order);
        (await GetAsync(order)).ShouldBe((HttpStatusCode.OK, "redis"));

        // What Orders.Sync does with a change that Redis does not take: it suspends Redis before it commits.
        _redis.Shut();
        await _stores.SuspendAsync();
        var next = order with { Version = 2, Status = OrderStatus.Paid };
        await _stores.StoreAsync(next);
        _redis.Open();

        await Eventually.HoldsAsync(async () =>
        {
            (await ETagAsync(next)).ShouldBe("\"2\"");
            return _service.Services.GetRequiredService<IRedis>().IsConnected;
        });
        (await GetAsync(next)).ShouldBe((HttpStatusCode.OK, "postgres"));
        await _stores.CacheAsync(next);
        await _stores.LiftAsync();
        await Eventually.HoldsAsync(async () =>
        {
            (await ETagAsync(next)).ShouldBe("\"2\"");
            return await GetAsync(next) == (HttpStatusCode.OK, "redis");
        });
    }

    [Fact]
    public async Task A_Redis_that_lacks_a_change_is_not_read_although_nobody_writes_any_more()
    {
        var order = Sample.Order(version: 1);
        await _stores.CacheAsync(order);
        await _stores.StoreAsync(order with { Version = 2 });

        await _stores.SuspendAsync();

        await Eventually.HoldsAsync(async () => await ETagAsync(order) == "\"2\"");
        (await StatusAsync()).GetProperty("engines").GetProperty("redis").GetProperty("problem").GetString()!.ShouldContain("Orders.Sync");
        (await GetAsync(order)).ShouldBe((HttpStatusCode.OK, "postgres"));
    }

    [Fact]
    public async Task A_Redis_that_has_started_is_not_read_before_Orders_Sync_has_seen_to_it()
    {
        var order = Sample.Order(version: 1);
        await _stores.CacheAsync(order);
        await _stores.StoreAsync(order with { Version = 2 });

        var identity = CacheIdentity.Parse(await _stores.Redis.StringGetAsync(_stores.Keys.Identity))!.Value;
        await _stores.Redis.StringSetAsync(_stores.Keys.Identity, (identity with { Server = "an earlier start" }).ToString());

        await Eventually.HoldsAsync(async () => await ETagAsync(order) == "\"2\"");
    }

    [Fact]
    public async Task Who_waits_for_a_version_gets_it_without_Redis_too()
    {
        _redis.Shut();
        var order = Sample.Order(version: 2);
        var waiting = _service.WaitForAsync(order.OrderId, minVersion: 2, seconds: 30);
        await _service.WaitersAsync(1);

        await _stores.StoreAsync(order);

        using var answer = await waiting;
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("X-Served-By").Single().ShouldBe("postgres");
    }

    private Task ReadsRedisAsync()
    {
        var order = Sample.Order();
        return Eventually.HoldsAsync(async () =>
        {
            await _stores.CacheAsync(order);
            return (await GetAsync(order)).Code == HttpStatusCode.OK;
        });
    }

    private async Task<(HttpStatusCode Code, string ServedBy)> GetAsync(Order order)
    {
        using var answer = await _service.Client.GetAsync($"/v1/orders/{order.OrderId}");
        return (answer.StatusCode, answer.Headers.TryGetValues("X-Served-By", out var servedBy) ? servedBy.Single() : "");
    }

    private async Task<string> ETagAsync(Order order)
    {
        using var answer = await _service.Client.GetAsync($"/v1/orders/{order.OrderId}");
        return answer.Headers.ETag!.ToString();
    }

    private async Task<JsonElement> StatusAsync() => JsonDocument.Parse(await _service.Client.GetStringAsync("/v1/status")).RootElement;
}
