using System.Text;
using System.Text.Json;
using Npgsql;
using Orders.Domain;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class ListByCustomerTests(ListFixture fixture) : IClassFixture<ListFixture>
{
    private const string Path = "/v1/orders/by-customer";

    private readonly HttpClient _client = fixture.Service.Client;

    [Fact]
    public async Task Each_customer_has_its_newest_orders_in_the_order_asked()
    {
        var answer = await _client.JsonAsync($"{Path}?ids=merchant-b/customer-2,merchant-a/nobody,merchant-a/customer-1&limit_each=3");

        var entries = answer.GetProperty("customers").EnumerateArray().ToList();
        entries.Select(Name).ShouldBe(["merchant-b/customer-2", "merchant-a/nobody", "merchant-a/customer-1"]);
        Orders(entries[0]).ShouldBe(Expected("merchant-b", "customer-2").Take(3));
        Orders(entries[1]).ShouldBeEmpty();
        entries[1].GetProperty("next_cursor").GetString().ShouldBeNull();
        Orders(entries[2]).ShouldBe(Expected("merchant-a", "customer-1").Take(3));
    }

    [Fact]
    public async Task The_cursor_of_a_customer_goes_on_in_the_list_of_its_orders()
    {
        const string filters = "status=paid&from=2026-01-31&to=2026-02-01";
        var entry = (await _client.JsonAsync($"{Path}?ids=merchant-a/customer-1&limit_each=1&{filters}")).GetProperty("customers")[0];

        var rest = await _client.JsonAsync(
            $"/v1/orders?merchant_id=merchant-a&customer_id=customer-1&{filters}&cursor={entry.GetProperty("next_cursor").GetString()}");

        Orders(entry).Concat(Orders(rest)).ShouldBe(Expected("merchant-a", "customer-1", OrderStatus.Paid));
        Orders(rest).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Fifty_customers_cost_one_statement_however_many_orders_they_have()
    {
        using var statements = new StatementCounter(new NpgsqlConnectionStringBuilder(fixture.Stores.Settings["ConnectionStrings:orders"]).Database!);
        var ids = Enumerable.Range(0, 50).Select(number => $"merchant-{"abz"[number % 3]}/customer-{number / 3}");

        var answer = await _client.JsonAsync($"{Path}?ids={string.Join(',', ids)}&limit_each=20");

        answer.GetProperty("customers").GetArrayLength().ShouldBe(50);
        statements.Count("FROM orders").ShouldBe(1);
    }

    [Fact]
    public async Task Another_merchants_customer_is_answered_like_one_that_does_not_exist()
    {
        var foreign = await fixture.Service.Limited.JsonAsync($"{Path}?ids=merchant-z/customer-1");
        var missing = await fixture.Service.Limited.JsonAsync($"{Path}?ids=merchant-z/nobody");

        foreign.GetRawText().ShouldBe(missing.GetRawText().Replace("nobody", "customer-1", StringComparison.Ordinal));
        Orders(foreign.GetProperty("customers")[0]).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_id_that_several_merchants_use_needs_its_merchants()
    {
        (await _client.ErrorsAsync($"{Path}?ids=customer-1"))["ids"].ShouldContain("merchant_id");

        Orders((await _client.JsonAsync($"{Path}?ids=customer-1&merchant_id=merchant-b")).GetProperty("customers")[0])
            .ShouldBe(Expected("merchant-b", "customer-1").Take(10));
    }

    [Theory]
    [InlineData(20, 50, true)]
    [InlineData(21, 50, false)]
    [InlineData(100, 10, true)]
    [InlineData(100, 11, false)]
    [InlineData(1, 51, false)]
    [InlineData(1, 0, false)]
    public async Task All_customers_together_are_bounded(int customers, int limitEach, bool taken)
    {
        var path = $"{Path}?merchant_id=merchant-a&ids={string.Join(',', Enumerable.Range(0, customers))}&limit_each={limitEach}";

        if (taken)
        {
            (await _client.JsonAsync(path)).GetProperty("customers").GetArrayLength().ShouldBe(customers);
        }
        else
        {
            (await _client.ErrorsAsync(path)).Keys.ShouldBe(["limit_each"]);
        }
    }

    private static string Name(JsonElement entry) => $"{entry.GetProperty("merchant_id").GetString()}/{entry.GetProperty("customer_id").GetString()}";

    private static IEnumerable<string> Orders(JsonElement page) => page.GetProperty("orders").EnumerateArray().Select(order => order.GetRawText());

    private IEnumerable<string> Expected(string merchant, string customer, OrderStatus? status = null) => fixture.Orders
        .Where(order => order.MerchantId == merchant && order.CustomerId == customer && (status is null || order.Status == status))
        .Select(order => Encoding.UTF8.GetString(OrderJson.Render(order)));
}
