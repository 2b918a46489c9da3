using System.Net;
using System.Text.Json;
using Npgsql;
using Orders.Domain;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class MinVersionTests(QueryFixture fixture) : IClassFixture<QueryFixture>
{
    private readonly ReadStores _stores = fixture.Stores;
    private readonly QueryService _service = fixture.Service;

    [Theory]
    [InlineData("min_version=0")]
    [InlineData("min_version=-1")]
    [InlineData("min_version=")]
    [InlineData("min_version=two")]
    [InlineData("min_version=1.0")]
    [InlineData("min_version=%202")]
    [InlineData("min_version=9223372036854775808")]
    [InlineData("min_version=1&min_version=1")]
    [InlineData("min_version=1&version=2", "version")]
    [InlineData("Min_Version=1", "Min_Version")]
    public async Task What_is_wrong_with_the_query_is_named(string query, string name = "min_version")
    {
        using var answer = await _service.Client.GetAsync($"/v1/orders/{Sample.Order().OrderId}?{query}");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = await TestService.ProblemAsync(answer);
        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe([name]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_version_that_Redis_has_is_answered_at_once(long minVersion)
    {
        var order = Sample.Order(version: 3);
        await _stores.CacheAsync(order);

        using var answer = await _service.Client.GetAsync($"/v1/orders/{order.OrderId}?min_version={minVersion}");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.ETag!.ToString().ShouldBe("\"3\"");
        answer.Headers.Contains("Preference-Applied").ShouldBeFalse();
    }

    [Fact]
    public async Task A_version_that_only_Postgres_has_is_answered_from_there_and_put_into_Redis()
    {
        var order = Sample.Order(version: 2);
        await _stores.CacheAsync(order with { Version = 1 });
        await _stores.StoreAsync(order);

        using var answer = await _service.Client.GetAsync($"/v1/orders/{order.OrderId}?min_version=2");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("X-Served-By").Single().ShouldBe("postgres");
        (await _service.Client.GetByteArrayAsync($"/v1/orders/{order.OrderId}")).ShouldBe(OrderJson.Render(order));
    }

    [Fact]
    public async Task A_version_that_is_not_visible_is_503_at_once_without_Prefer()
    {
        var order = Sample.Order(version: 1);
        await _stores.StoreAsync(order);

        using var answer = await _service.Client.GetAsync($"/v1/orders/{order.OrderId}?min_version=2");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        answer.Headers.Contains("Preference-Applied").ShouldBeFalse();
    }

    [Fact]
    public async Task A_wait_that_is_over_is_503_and_says_how_long_it_was()
    {
        using var answer = await _service.WaitForAsync(Sample.Order().OrderId, minVersion: 1, seconds: 1);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        answer.Headers.GetValues("Preference-Applied").Single().ShouldBe("wait=1");
    }

    [Fact]
    public async Task The_change_itself_wakes_who_waits()
    {
        // Only in Redis: no look into Postgres finds it.
        var order = Sample.Order(version: 2);
        var waiting = _service.WaitForAsync(order.OrderId, minVersion: 2, seconds: 100);
        await _service.WaitersAsync(1);

        await _stores.CacheAsync(order);
        await _stores.PublishUntilAsync(waiting, (order.OrderId, 2, order.MerchantId, "changed"));

        using var answer = await waiting;
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("X-Served-By").Single().ShouldBe("redis");
        answer.Headers.GetValues("Preference-Applied").Single().ShouldBe("wait=30");
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(OrderJson.Render(order));
    }

    [Fact]
    public async Task A_change_whose_message_is_lost_is_found_in_Postgres()
    {
        var order = Sample.Order(version: 2);
        var waiting = _service.WaitForAsync(order.OrderId, minVersion: 2, seconds: 30);
        await _service.WaitersAsync(1);

        await _stores.StoreAsync(order);

        (await waiting).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_older_version_does_not_end_the_wait()
    {
        var order = Sample.Order(version: 3);
        var waiting = _service.WaitForAsync(order.OrderId, minVersion: 3, seconds: 30);
        await _service.WaitersAsync(1);

        var before = order with { Version = 2 };
        await _stores.CacheAsync(before);
        await _stores.PublishAsync((order.OrderId, 2, order.MerchantId, "changed"), (order.OrderId, 1, order.MerchantId, "placed"));
        await _stores.CacheAsync(order);
        await _stores.PublishUntilAsync(waiting, (order.OrderId, 3, order.MerchantId, "changed"));

        using var answer = await waiting;
        answer.Headers.ETag!.ToString().ShouldBe("\"3\"");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_order_that_is_deleted_meanwhile_is_404(bool inRedis)
    {
        var order = Sample.Order(version: 1);
        await _stores.StoreAsync(order);
        var waiting = _service.WaitForAsync(order.OrderId, minVersion: 2, seconds: 30);
        await _service.WaitersAsync(1);

        if (inRedis)
        {
            await _stores.CacheAsync(order.OrderId, 2, order.MerchantId, body: null);
            await _stores.PublishUntilAsync(waiting, (order.OrderId, 2, order.MerchantId, "deleted"));
        }
        else
        {
            await _stores.DeleteAsync(order);
        }

        (await waiting).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("stored")]
    [InlineData("cached")]
    [InlineData("deleted")]
    public async Task Another_merchants_order_is_waited_for_like_one_that_never_comes(string how)
    {
        var foreign = Sample.Order("merchant-z");
        var waiting = _service.WaitForAsync(foreign.OrderId, minVersion: 1, seconds: 2, _service.Limited);
        var missing = _service.WaitForAsync(Sample.Order().OrderId, minVersion: 1, seconds: 2, _service.Limited);
        await _service.WaitersAsync(2);

        if (how == "cached")
        {
            await _stores.CacheAsync(foreign);
        }
        else
        {
            await _stores.StoreAsync(foreign);
        }

        if (how == "deleted")
        {
            await _stores.DeleteAsync(foreign);
        }

        await _stores.PublishAsync((foreign.OrderId, 1, foreign.MerchantId, "placed"), (foreign.OrderId, 2, foreign.MerchantId, "deleted"));

        (await DescribeAsync(await waiting)).ShouldBe(await DescribeAsync(await missing));
        using var now = await _service.Limited.GetAsync($"/v1/orders/{foreign.OrderId}?min_version=1");
        now.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_thousand_waiters_cost_no_thread_each_and_one_statement_together()
    {
        const int many = 1_000;
        using var statements = new StatementCounter(new NpgsqlConnectionStringBuilder(_stores.Settings["ConnectionStrings:orders"]).Database!);
        var orders = Enumerable.Range(0, many).Select(_ => Sample.Order()).ToList();
        // All at once: who does not come to look into Postgres in time waits all the same.
        var waiting = orders.Select(order => _service.WaitForAsync(order.OrderId, minVersion: 1, seconds: 30)).ToList();
        await _service.WaitersAsync(many);

        // Found by looking, wherever among the others it waits: one look for all, or hundreds.
        await _stores.StoreAsync(orders[many - 1]);
        await waiting[many - 1];

        Looks().ShouldBeLessThan(many / 10);
        ThreadPool.ThreadCount.ShouldBeLessThan(many / 10);
        foreach (var order in orders)
        {
            await _stores.CacheAsync(order);
        }

        await Eventually.HoldsAsync(async () =>
        {
            var left = orders.Zip(waiting).Where(pair => !pair.Second.IsCompleted).Select(pair => pair.First).ToList();
            await _stores.PublishAsync(left.Select(order => (order.OrderId, 1L, order.MerchantId, "placed")));
            return left is [];
        });

        foreach (var answer in await Task.WhenAll(waiting))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        }

        await _service.WaitersAsync(0);

        int Looks() => statements.Count("SELECT order_id, version, merchant_id FROM orders");
    }

    [Fact]
    public async Task More_waiters_than_the_limit_are_turned_away_unless_the_version_is_there()
    {
        await using var service = await QueryService.StartAsync(_stores.Settings, ("Orders:Query:MaxWaiters", "4"));
        var here = Sample.Order();
        await _stores.StoreAsync(here);
        var coming = new[] { Sample.Order(), Sample.Order() };
        var waiting = coming.Select(order => service.WaitForAsync(order.OrderId, 1, 30)).ToList();
        await service.WaitersAsync(2);

        using var third = await service.WaitForAsync(Sample.Order().OrderId, 1, 30);
        third.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        third.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        (await third.Content.ReadAsStringAsync()).ShouldContain("Too many");
        (await service.WaitForAsync(here.OrderId, 1, 30)).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var order in coming)
        {
            await _stores.StoreAsync(order);
        }

        (await Task.WhenAll(waiting)).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_waits_when_the_service_stops_is_told_to_come_back()
    {
        var service = await QueryService.StartAsync(_stores.Settings);
        var waiting = service.WaitForAsync(Sample.Order().OrderId, minVersion: 1, seconds: 30);
        await service.WaitersAsync(1);

        var stopping = service.StopAsync();

        using var answer = await waiting;
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        await stopping;
        await service.DisposeAsync();
    }

    private static async Task<string> DescribeAsync(HttpResponseMessage answer)
    {
        var problem = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(await answer.Content.ReadAsStringAsync())!;
        problem.Remove("trace_id");
        return $"{answer.StatusCode} {string.Join(", ", answer.Headers.Select(header => header.Key))} {JsonSerializer.Serialize(problem)}";
    }
}
