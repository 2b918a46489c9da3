using System.Net;
using System.Text;
using System.Text.Json;
using Npgsql;
using Orders.Domain;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Orders.Tests.Query;

public sealed class GetOrderTests(QueryFixture fixture) : IClassFixture<QueryFixture>
{
    private readonly ReadStores _stores = fixture.Stores;
    private readonly HttpClient _client = fixture.Service.Client;
    private readonly HttpClient _limited = fixture.Service.Limited;

    [Fact]
    public async Task An_order_is_answered_from_Redis_as_the_very_bytes_that_are_there()
    {
        var order = Sample.Order(version: 7);
        var body = "{\"not\" : \"even an order\"}"u8.ToArray();
        await _stores.CacheAsync(order.OrderId, order.Version, order.MerchantId, body);

        using var answer = await GetAsync(order.OrderId);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        ServedBy(answer).ShouldBe("redis");
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(body);
        answer.Headers.ETag!.ToString().ShouldBe("\"7\"");
        answer.Headers.CacheControl!.ToString().ShouldBe("no-cache, private");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        answer.Content.Headers.ContentLength.ShouldBe(body.Length);
    }

    [Theory]
    [InlineData(0, "INR")]
    [InlineData(1, "JPY")]
    [InlineData(250, "KWD")]
    public async Task An_order_that_Redis_lacks_is_read_from_Postgres_once_and_from_Redis_afterwards(int lines, string currency)
    {
        var order = Sample.Order(lines: lines, currency: currency, customerId: lines == 0 ? null : "customer-9");
        await _stores.StoreAsync(order);

        using var first = await GetAsync(order.OrderId);
        using var second = await GetAsync(order.OrderId);

        (ServedBy(first), ServedBy(second)).ShouldBe(("postgres", "redis"));
        var expected = Encoding.UTF8.GetString(OrderJson.Render(order));
        (await first.Content.ReadAsStringAsync()).ShouldBe(expected);
        (await second.Content.ReadAsStringAsync()).ShouldBe(expected);
        second.Headers.ETag.ShouldBe(first.Headers.ETag);
        var lifetime = await _stores.Redis.KeyTimeToLiveAsync(_stores.Keys.Order(order.OrderId));
        lifetime!.Value.ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Two_hundred_that_miss_at_once_make_one_query()
    {
        var order = Sample.Order();
        await _stores.StoreAsync(order);
        using var statements = new StatementCounter(new NpgsqlConnectionStringBuilder(_stores.Settings["ConnectionStrings:orders"]).Database!);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => GetAsync(order.OrderId)));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        statements.Count("FROM orders AS o").ShouldBe(1);
    }

    [Fact]
    public async Task What_is_not_found_is_not_remembered()
    {
        var order = Sample.Order();
        (await GetAsync(order.OrderId)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        await _stores.StoreAsync(order);

        (await GetAsync(order.OrderId)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_tombstone_in_Redis_is_believed_before_a_row_in_Postgres()
    {
        var order = Sample.Order();
        await _stores.StoreAsync(order);
        await _stores.CacheAsync(order.OrderId, order.Version + 1, order.MerchantId, body: null);

        (await GetAsync(order.OrderId)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_deleted_order_is_gone_without_Redis_too()
    {
        var order = Sample.Order();
        await _stores.StoreAsync(order);
        await _stores.DeleteAsync(order);

        (await GetAsync(order.OrderId)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("a string")]
    [InlineData("a list")]
    [InlineData("no version")]
    [InlineData("a version that is no number")]
    [InlineData("a version of zero")]
    [InlineData("no merchant")]
    [InlineData("other fields")]
    public async Task An_entry_that_the_guard_did_not_write_is_passed_over(string kind)
    {
        var order = Sample.Order();
        await _stores.StoreAsync(order);
        var key = _stores.Keys.Order(order.OrderId);
        HashEntry Field(string name, string value) => new(name, value);
        await (kind switch
        {
            "a string" => _stores.Redis.StringSetAsync(key, "order"),
            "a list" => _stores.Redis.ListLeftPushAsync(key, "order"),
            "no version" => SetAsync(Field("m", order.MerchantId), Field("b", "{}")),
            "a version that is no number" => SetAsync(Field("v", "1x"), Field("m", order.MerchantId), Field("b", "{}")),
            "a version of zero" => SetAsync(Field("v", "0"), Field("m", order.MerchantId), Field("b", "{}")),
            "no merchant" => SetAsync(Field("v", "1"), Field("b", "{}")),
            _ => SetAsync(Field("name", "value")),
        });

        using var answer = await GetAsync(order.OrderId);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        ServedBy(answer).ShouldBe("postgres");
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(OrderJson.Render(order));

        Task SetAsync(params HashEntry[] fields) => _stores.Redis.HashSetAsync(key, fields);
    }

    [Theory]
    [InlineData("\"3\"", HttpStatusCode.NotModified)]
    [InlineData("W/\"3\"", HttpStatusCode.NotModified)]
    [InlineData("*", HttpStatusCode.NotModified)]
    [InlineData("\"1\", W/\"2\", \"3\"", HttpStatusCode.NotModified)]
    [InlineData("\"2\"", HttpStatusCode.OK)]
    [InlineData("\"33\"", HttpStatusCode.OK)]
    [InlineData("3", HttpStatusCode.OK)]
    [InlineData("\"3", HttpStatusCode.OK)]
    public async Task If_None_Match_is_answered_304_when_it_names_the_version(string ifNoneMatch, HttpStatusCode expected)
    {
        var order = Sample.Order(version: 3);
        await _stores.CacheAsync(order);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/orders/{order.OrderId}");
        request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch).ShouldBeTrue();

        using var answer = await _client.SendAsync(request);

        answer.StatusCode.ShouldBe(expected);
        answer.Headers.ETag!.ToString().ShouldBe("\"3\"");
        if (expected == HttpStatusCode.NotModified)
        {
            (await answer.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task HEAD_has_the_headers_of_GET_and_no_body()
    {
        var order = Sample.Order(version: 4);
        await _stores.CacheAsync(order);
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/v1/orders/{order.OrderId}");

        using var answer = await _client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.ETag!.ToString().ShouldBe("\"4\"");
        answer.Content.Headers.ContentLength.ShouldBe(OrderJson.Render(order).Length);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_merchants_order_is_answered_like_one_that_does_not_exist(bool cached)
    {
        var foreign = Sample.Order("merchant-z");
        await _stores.StoreAsync(foreign);
        if (cached)
        {
            await _stores.CacheAsync(foreign);
        }

        using var answer = await _limited.GetAsync($"/v1/orders/{foreign.OrderId}");
        using var missing = await _limited.GetAsync($"/v1/orders/{Guid.CreateVersion7(DateTimeOffset.UnixEpoch)}");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await WithoutTraceAsync(answer)).ShouldBe(await WithoutTraceAsync(missing));
        answer.Headers.Select(header => header.Key).ShouldBe(missing.Headers.Select(header => header.Key));
        (await GetAsync(foreign.OrderId)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    // So that it takes as long: an answer from Redis alone would tell that the order is there.
    [Fact]
    public async Task Another_merchants_cached_order_goes_the_same_way_as_one_that_does_not_exist()
    {
        var foreign = Sample.Order("merchant-z");
        await _stores.StoreAsync(foreign);
        await _stores.CacheAsync(foreign);
        using var statements = new StatementCounter(new NpgsqlConnectionStringBuilder(_stores.Settings["ConnectionStrings:orders"]).Database!);

        using var answer = await _limited.GetAsync($"/v1/orders/{foreign.OrderId}");
        var ofForeign = statements.Count("FROM orders AS o");
        using var missing = await _limited.GetAsync($"/v1/orders/{Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddDays(1))}");
        var ofBoth = statements.Count("FROM orders AS o");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (ofForeign, ofBoth).ShouldBe((1, 2));
    }

    [Fact]
    public async Task A_key_reads_the_orders_of_each_of_its_merchants_from_either_store()
    {
        var (cached, stored) = (Sample.Order("merchant-a"), Sample.Order("merchant-b"));
        await _stores.CacheAsync(cached);
        await _stores.StoreAsync(stored);

        ServedBy(await _limited.GetAsync($"/v1/orders/{cached.OrderId}")).ShouldBe("redis");
        ServedBy(await _limited.GetAsync($"/v1/orders/{stored.OrderId}")).ShouldBe("postgres");
    }

    [Theory]
    [InlineData("1")]
    [InlineData("order:1")]
    [InlineData("0199e5bb-8c00-7000-8000-00000000000")]
    [InlineData("0199e5bb8c007000800000000000000a")]
    [InlineData("{0199e5bb-8c00-7000-8000-00000000000a}")]
    [InlineData("%20%20")]
    [InlineData("%ff%fe")]
    public async Task A_text_that_is_no_id_is_the_id_of_no_order(string id) =>
        (await _client.GetAsync($"/v1/orders/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task An_id_may_be_in_capitals_but_not_between_spaces()
    {
        var order = Sample.Order();
        await _stores.CacheAsync(order);

        (await _client.GetAsync($"/v1/orders/%20{order.OrderId}%20")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _client.GetAsync($"/v1/orders/{order.OrderId.ToString().ToUpperInvariant()}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private Task<HttpResponseMessage> GetAsync(Guid orderId) => _client.GetAsync($"/v1/orders/{orderId}");

    private static string ServedBy(HttpResponseMessage answer) => answer.Headers.GetValues("X-Served-By").Single();

    private static async Task<string> WithoutTraceAsync(HttpResponseMessage answer)
    {
        var problem = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(await answer.Content.ReadAsStringAsync())!;
        problem.Remove("trace_id").ShouldBeTrue();
        return JsonSerializer.Serialize(problem);
    }
}
