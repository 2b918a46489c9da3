using System.Text;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

/// <summary>
/// Ids that the write API would refuse and the read model may hold: other writers put them, or an earlier
/// version did.
/// </summary>
public sealed class OddIdsTests(QueryFixture fixture) : IClassFixture<QueryFixture>
{
    private readonly HttpClient _client = fixture.Service.Client;

    public static TheoryData<string> Ids =>
    [
        "jane+shop@example.com", "a/b", "/", "a,b", ",", "50%", "50%25", "%2F", "a%2Fb", "a%2fb/c", "100% cotton", "what?", "#1", "a&b=c", "..", ".", "../..", "a\\b", " ", " a ", "a;b", "'--", "{id}",
        "zażółć", "客户", "🛒", "line\nbreak", "tab\t", "\u202Eabc", "\u00e9", "e\u0301", "\u0001", "null", new string('x', 2_000),
    ];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task What_is_there_is_found_by_its_id_whatever_that_is(string id)
    {
        var order = await StoreAsync("merchant-a", id);
        await StoreAsync("merchant-a", "plain");

        foreach (var (thing, idMember) in new[] { ("customers", "customer_id"), ("products", "product_id") })
        {
            if (id is not ("." or ".."))
            {
                (await _client.JsonAsync($"/v1/{thing}/{Uri.EscapeDataString(id)}?merchant_id=merchant-a")).GetProperty(idMember).GetString().ShouldBe(id);
            }

            var list = await _client.JsonAsync($"/v1/{thing}?ids={Escaped("merchant-a", "plain")},{Escaped("merchant-a", id)}");
            list.GetProperty(thing).Texts(idMember).ShouldBe(["plain", id]);
            list.TryGetProperty("problems", out _).ShouldBeFalse();
        }

        var page = (await _client.JsonAsync($"/v1/orders/by-customer?ids={Escaped("merchant-a", id)}")).GetProperty("customers")[0];
        page.GetProperty("customer_id").GetString().ShouldBe(id);
        page.GetProperty("orders").Texts("order_id").ShouldContain(order.ToString());
        foreach (var merchant in new[] { "&merchant_id=merchant-a", "" })
        {
            (await _client.JsonAsync($"/v1/orders?customer_id={Uri.EscapeDataString(id)}{merchant}")).GetProperty("orders").Texts("order_id").ShouldContain(order.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_merchant_is_found_by_its_id_whatever_that_is(string merchant)
    {
        var order = await StoreAsync(merchant, "customer-odd");

        (await _client.JsonAsync($"/v1/orders?merchant_id={Uri.EscapeDataString(merchant)}")).GetProperty("orders").Texts("order_id").ShouldContain(order.ToString());
        (await _client.JsonAsync($"/v1/customers?ids={Escaped(merchant, "customer-odd")}")).GetProperty("customers").Texts("merchant_id").ShouldBe([merchant]);
        (await _client.JsonAsync($"/v1/totals/hourly?merchant_id={Uri.EscapeDataString(merchant)}&from=2026-01-31T09:00:00Z&to=2026-01-31T10:00:00Z"))
            .GetProperty("hours")[0].GetProperty("orders").GetInt64().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(".", 400)]
    [InlineData("..", 404)]
    public async Task A_dot_or_two_are_no_id_in_a_path_and_are_found_by_a_list(string id, int status)
    {
        await StoreAsync("merchant-a", id);

        foreach (var (thing, idMember) in new[] { ("customers", "customer_id"), ("products", "product_id") })
        {
            foreach (var written in new[] { id, id.Replace(".", "%2E") })
            {
                (await RawHttp.SendAsync(_client.BaseAddress!, Encoding.ASCII.GetBytes($"GET /v1/{thing}/{written} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: {_client.DefaultRequestHeaders.Authorization}\r\n\r\n")))
                    .ShouldStartWith($"HTTP/1.1 {status} ");
            }

            foreach (var asked in new[] { id, $"merchant-a/{id}", $"{id}&merchant_id=merchant-a" })
            {
                (await _client.JsonAsync($"/v1/{thing}?ids={asked}")).GetProperty(thing).Texts(idMember).ShouldBe([id]);
            }
        }
    }

    [Fact]
    public async Task An_empty_id_is_found_with_its_merchants()
    {
        await StoreAsync("merchant-a", "");

        (await _client.JsonAsync("/v1/customers?ids=merchant-a/")).GetProperty("customers").Texts("customer_id").ShouldBe([""]);
        (await _client.JsonAsync("/v1/products?ids=merchant-a/")).GetProperty("products").Texts("product_id").ShouldBe([""]);
    }

    [Theory]
    [InlineData("customers")]
    [InlineData("products")]
    public async Task One_bad_id_of_a_hundred_fails_alone(string thing)
    {
        await StoreAsync("merchant-a", "good");
        await StoreAsync("merchant-a", "of-two");
        await StoreAsync("merchant-b", "of-two");
        string[] bad = ["a%2500", new('y', 3_000), "", "of-two"];
        var good = Enumerable.Range(0, 95).Select(number => $"merchant-a/{number}").Append("merchant-a/good");

        var answer = await _client.JsonAsync($"/v1/{thing}?ids={string.Join(',', good.Concat(bad))}");

        answer.GetProperty(thing).GetArrayLength().ShouldBe(1);
        answer.GetProperty("problems").Texts("id").ShouldBe(["a%00", bad[1], "", "of-two"]);
        answer.GetProperty("problems").Texts("problem").ShouldAllBe(problem => problem.StartsWith("is not an id or merchant_id/id", StringComparison.Ordinal) || problem.Contains("several merchants", StringComparison.Ordinal));
        var byCustomer = await _client.JsonAsync($"/v1/orders/by-customer?ids=merchant-a/good,{string.Join(',', bad)}");
        byCustomer.GetProperty("customers").Texts("customer_id").ShouldBe(["good"]);
        byCustomer.GetProperty("problems").GetArrayLength().ShouldBe(4);
    }

    [Fact]
    public async Task A_bad_id_of_an_order_fails_alone_too()
    {
        var order = await StoreAsync("merchant-a", "by-ids");

        var answer = await _client.JsonAsync($"/v1/orders?ids=x,{order},{order}0");

        answer.GetProperty("orders").Texts("order_id").ShouldBe([order.ToString()]);
        answer.GetProperty("problems").Texts("id").ShouldBe(["x", $"{order}0"]);
    }

    // Escaped as an entry of the list, and that as a part of the address.
    private static string Escaped(string merchant, string id) => Uri.EscapeDataString($"{Entry(merchant)}/{Entry(id)}");

    private static string Entry(string id) =>
        id.Replace("%", "%25", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);

    private async Task<Guid> StoreAsync(string merchant, string id)
    {
        var order = Sample.Order(merchant, customerId: id, lines: 1);
        order = order with { Items = [.. order.Items.Select(line => line with { ProductId = id })] };
        await fixture.Stores.StoreAsync(order);
        return order.OrderId;
    }
}
