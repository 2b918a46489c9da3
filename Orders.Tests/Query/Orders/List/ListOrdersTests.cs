using System.Text;
using System.Text.Json;
using Orders.Domain;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class ListOrdersTests(ListFixture fixture) : IClassFixture<ListFixture>
{
    private static readonly DateTimeOffset Start = ListFixture.Start;

    private readonly HttpClient _client = fixture.Service.Client;

    [Theory]
    [InlineData("")]
    [InlineData("merchant_id=merchant-a")]
    [InlineData("merchant_id=merchant-z")]
    [InlineData("merchant_id=nobody")]
    [InlineData("customer_id=customer-2")]
    [InlineData("status=cancelled")]
    [InlineData("currency=JPY")]
    [InlineData("from=2026-01-31T09:30:10Z")]
    [InlineData("to=2026-01-31T09:30:10Z")]
    [InlineData("from=2026-01-31T09:30:10Z&to=2026-01-31T09:30:20Z")]
    [InlineData("merchant_id=merchant-b&customer_id=customer-2&status=paid&currency=INR&from=2026-01-31&to=2026-02-01")]
    public async Task A_list_has_the_orders_that_fit_every_filter_newest_first(string query)
    {
        var page = await PageAsync(_client, query);

        page.ShouldBe(fixture.Orders.Where(order => Fits(order, query)).Select(Text).Take(50));
    }

    [Theory]
    [InlineData("", "merchant-a merchant-b")]
    [InlineData("customer_id=customer-2&status=paid", "merchant-a merchant-b")]
    [InlineData("merchant_id=merchant-b", "merchant-b")]
    [InlineData("merchant_id=merchant-z", "")]
    [InlineData("merchant_id=merchant-nobody-has", "")]
    public async Task A_list_has_orders_of_the_callers_merchants_only(string query, string merchants)
    {
        var page = await PageAsync(fixture.Service.Limited, query);

        page.ShouldBe(fixture.Orders.Where(order => Fits(order, query) && merchants.Contains(order.MerchantId, StringComparison.Ordinal)).Select(Text).Take(50));
    }

    [Theory]
    [InlineData("", "", 7)]
    [InlineData("", "", 200)]
    [InlineData("status=placed", "", 1)]
    [InlineData("", "limited", 3)]
    [InlineData("from=2026-01-31T09:30:05Z&to=2026-01-31T09:30:30Z", "limited", 5)]
    public async Task Pages_put_together_are_the_list(string query, string key, int limit)
    {
        var client = key == "limited" ? fixture.Service.Limited : _client;
        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = await PageAsync(client, $"{query}&limit={limit}{cursor}", next => cursor = next is null ? "" : $"&cursor={next}");
            page.Count.ShouldBeLessThanOrEqualTo(limit);
            if (cursor != "")
            {
                page.Count.ShouldBe(limit);
            }

            seen.AddRange(page);
        }
        while (cursor != "");

        seen.ShouldBe(fixture.Orders.Where(order => Fits(order, query) && (key == "" || order.MerchantId != "merchant-z")).Select(Text));
    }

    [Theory]
    [InlineData("2026-01-31T09:30:10.000Z")]
    [InlineData("2026-01-31T15:00:10+05:30")]
    [InlineData("2026-01-31T15:00:10%2B05:30")]
    [InlineData("2026-01-31T15:00:10%2B0530")]
    [InlineData("2026-01-31T04:30:10-05")]
    [InlineData("20260131T093010Z")]
    [InlineData("2026-01-31T09:30:10")]
    public async Task A_bound_is_one_moment_however_it_is_written(string bound)
    {
        var from = await PageAsync(_client, $"from={bound}&limit=200");
        var to = await PageAsync(_client, $"to={bound}&limit=200");

        from.ShouldBe(fixture.Orders.Where(order => order.PlacedAt >= Start.AddSeconds(10)).Select(Text));
        to.ShouldBe(fixture.Orders.Where(order => order.PlacedAt < Start.AddSeconds(10)).Select(Text));
    }

    [Fact]
    public async Task HEAD_of_a_list_has_no_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/v1/orders");
        using var answer = await _client.SendAsync(request);

        answer.IsSuccessStatusCode.ShouldBeTrue();
        answer.Headers.GetValues("X-Served-By").Single().ShouldBe("postgres");
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    private static string Text(Order order) => Encoding.UTF8.GetString(OrderJson.Render(order));

    private static bool Fits(Order order, string query)
    {
        var wanted = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
        return Is("merchant_id", order.MerchantId) && Is("customer_id", order.CustomerId) && Is("status", order.Status.Name()) && Is("currency", order.Currency.Code)
            && (Time("from") is not { } from || order.PlacedAt >= from) && (Time("to") is not { } to || order.PlacedAt < to);

        bool Is(string name, string? value) => !wanted.TryGetValue(name, out var text) || text == value;
        DateTimeOffset? Time(string name) =>
            wanted.TryGetValue(name, out var text) ? DateTimeOffset.Parse(text, null, System.Globalization.DateTimeStyles.AssumeUniversal) : null;
    }

    private static async Task<List<string>> PageAsync(HttpClient client, string query, Action<string?>? next = null)
    {
        using var answer = await client.GetAsync($"/v1/orders?{query}");
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        using var page = JsonDocument.Parse(text);
        page.RootElement.EnumerateObject().Select(member => member.Name).ShouldBe(["orders", "next_cursor"]);
        next?.Invoke(page.RootElement.GetProperty("next_cursor").GetString());
        return [.. page.RootElement.GetProperty("orders").EnumerateArray().Select(order => order.GetRawText())];
    }
}
