using System.Text.Json;
using Orders.Domain;
using Orders.Query.Customers;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class GetCustomersTests(ListFixture fixture) : IClassFixture<ListFixture>
{
    private readonly HttpClient _client = fixture.Service.Client;
    private readonly HttpClient _limited = fixture.Service.Limited;

    [Fact]
    public async Task A_customer_is_what_its_orders_tell()
    {
        var orders = fixture.Orders.Where(order => (order.MerchantId, order.CustomerId) == ("merchant-a", "customer-1")).ToList();

        var customer = await _client.JsonAsync("/v1/customers/customer-1?merchant_id=merchant-a");

        customer.EnumerateObject().Select(member => member.Name)
            .ShouldBe(["merchant_id", "customer_id", "first_order_at", "last_order_at", "orders", "statuses", "amounts", "capped"]);
        customer.GetProperty("first_order_at").GetString().ShouldBe(Timestamp.Text(orders.Min(order => order.PlacedAt)));
        customer.GetProperty("last_order_at").GetString().ShouldBe(Timestamp.Text(orders.Max(order => order.PlacedAt)));
        customer.GetProperty("orders").GetInt64().ShouldBe(orders.Count);
        foreach (var status in OrderStatuses.All)
        {
            customer.GetProperty("statuses").GetProperty(status).GetInt64().ShouldBe(orders.Count(order => order.Status.Name() == status));
        }

        customer.GetProperty("amounts").EnumerateArray().Select(amount => amount.GetRawText()).ShouldBe(
            orders.Where(order => order.Status != OrderStatus.Cancelled).GroupBy(order => order.Currency).OrderBy(group => group.Key.Code, StringComparer.Ordinal)
                .Select(group => FormattableString.Invariant(
                    $$"""{"currency":"{{group.Key.Code}}","orders":{{group.Count()}},"amount":{{group.Key.Scale(group.Sum(order => order.Amount))}}}""")));
        customer.GetProperty("capped").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_customer_without_orders_any_more_is_still_one()
    {
        var order = Sample.Order("merchant-a", customerId: "gone");
        await fixture.Stores.StoreAsync(order);
        await fixture.Stores.DeleteAsync(order);

        var customer = await _limited.JsonAsync("/v1/customers/gone");

        (customer.GetProperty("orders").GetInt64(), customer.GetProperty("amounts").GetArrayLength()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Many_customers_come_in_the_order_asked_each_once_and_without_the_missing()
    {
        var answer = await _client.JsonAsync("/v1/customers?ids=merchant-b/customer-2,merchant-a/nobody,merchant-z/customer-1,merchant-b/customer-2");

        Names(answer).ShouldBe(["merchant-b/customer-2", "merchant-z/customer-1"]);
    }

    [Fact]
    public async Task An_id_that_several_merchants_use_is_one_only_with_its_merchant()
    {
        (await _client.ErrorsAsync("/v1/customers/customer-1"))["merchant_id"].ShouldContain("several merchants");
        (await _client.ErrorsAsync("/v1/customers?ids=customer-1"))["ids"].ShouldContain("customer-1");
        Names(await _client.JsonAsync("/v1/customers?ids=customer-1,merchant-a/customer-1,customer-2&merchant_id=merchant-b"))
            .ShouldBe(["merchant-b/customer-1", "merchant-a/customer-1", "merchant-b/customer-2"]);
    }

    [Fact]
    public async Task What_another_merchant_alone_has_does_not_exist_and_makes_nothing_ambiguous()
    {
        await fixture.Stores.StoreAsync(Sample.Order("merchant-z", customerId: "only-z"));
        await fixture.Stores.StoreAsync(Sample.Order("merchant-z", customerId: "a-and-z"));
        await fixture.Stores.StoreAsync(Sample.Order("merchant-a", customerId: "a-and-z"));
        var missing = await _limited.NotFoundAsync("/v1/customers/nobody");

        (await _limited.NotFoundAsync("/v1/customers/only-z")).ShouldBe(missing);
        (await _limited.NotFoundAsync("/v1/customers/only-z?merchant_id=merchant-z")).ShouldBe(missing);
        (await _limited.NotFoundAsync("/v1/customers/a-and-z?merchant_id=merchant-z")).ShouldBe(missing);
        Names(await _limited.JsonAsync("/v1/customers?ids=only-z,merchant-z/only-z,merchant-z/a-and-z")).ShouldBeEmpty();
        (await _limited.JsonAsync("/v1/customers/a-and-z")).GetProperty("merchant_id").GetString().ShouldBe("merchant-a");
        (await _client.JsonAsync("/v1/customers/only-z")).GetProperty("merchant_id").GetString().ShouldBe("merchant-z");
    }

    [Fact]
    public async Task A_key_of_one_merchant_means_that_one()
    {
        await using var service = await QueryService.StartAsync(fixture.Stores.Settings, ("Orders:Keys:1:Merchants", "merchant-b"));

        (await service.Limited.JsonAsync("/v1/customers/customer-1")).GetProperty("merchant_id").GetString().ShouldBe("merchant-b");
        (await service.Limited.NotFoundAsync("/v1/customers/customer-1?merchant_id=merchant-a")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Only_the_newest_orders_of_a_passer_by_are_counted()
    {
        await fixture.Stores.ExecuteAsync(
            $"""
            INSERT INTO customers VALUES ('merchant-many', 'guest', now(), now());
            INSERT INTO orders
            SELECT gen_random_uuid(), 'merchant-many', 'guest', CASE WHEN n = 1 THEN 'cancelled' ELSE 'paid' END, 'INR', 1.00, timestamptz '2026-01-01' + n * interval '1 second', now(), 1
              FROM generate_series(1, {Customer.CountedOrders + 1}) AS n
            """);

        var customer = await _client.JsonAsync("/v1/customers/guest");

        (customer.GetProperty("orders").GetInt64(), customer.GetProperty("capped").GetBoolean()).ShouldBe((Customer.CountedOrders, true));
        customer.GetProperty("statuses").GetProperty("cancelled").GetInt64().ShouldBe(0);
    }

    private static IEnumerable<string> Names(JsonElement answer) => answer.GetProperty("customers").EnumerateArray()
        .Select(customer => $"{customer.GetProperty("merchant_id").GetString()}/{customer.GetProperty("customer_id").GetString()}");
}
