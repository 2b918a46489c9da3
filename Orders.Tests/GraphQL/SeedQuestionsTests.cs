using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Orders.Tests.GraphQL;

/// <summary>
/// A product by its id, the items of an order, the orders of a customer: each is one request, and says what
/// was paid.
/// </summary>
[Collection(GatewayCollection.Name)]
public sealed class SeedQuestionsTests(GatewayFixture fixture)
{
    [Fact]
    public async Task A_product_by_its_id()
    {
        var product = (await fixture.Gateway.AskAsync("""{ product(id: "product-4") { merchantId productId productName unitPrice currency } }""")).GetProperty("product");

        var rest = await fixture.System.Query.GetFromJsonAsync<JsonElement>("/v1/products/product-4");
        product.GetProperty("productId").GetString().ShouldBe("product-4");
        product.GetProperty("productName").GetString().ShouldBe(rest.GetProperty("product_name").GetString());
        product.GetProperty("unitPrice").GetString().ShouldBe(rest.GetProperty("unit_price").GetRawText());
    }

    [Fact]
    public async Task The_items_of_an_order_keep_the_price_at_purchase_when_the_products_price_changes()
    {
        var order = await BuyAsync("tea-250", 100.00m);
        var later = await BuyAsync("tea-250", 119.50m);
        await fixture.SeenAsync(order);
        await fixture.SeenAsync(later);

        var data = await fixture.Gateway.AskAsync(
            "query ($id: ID!) { order(id: $id) { amount items { orderItemId productId quantity unitPrice product { unitPrice } } } }", new { id = order });

        var item = data.GetProperty("order").GetProperty("items")[0];
        data.GetProperty("order").GetProperty("amount").GetString().ShouldBe("200.00");
        item.GetProperty("orderItemId").GetInt32().ShouldBe(1);
        item.GetProperty("quantity").GetInt32().ShouldBe(2);
        item.GetProperty("unitPrice").GetString().ShouldBe("100.00");
        item.GetProperty("product").GetProperty("unitPrice").GetString().ShouldBe("119.50");
    }

    [Fact]
    public async Task The_orders_of_a_customer()
    {
        fixture.Upstream.Take();

        var customer = (await fixture.Gateway.AskAsync(
            """{ customer(id: "customer-5", merchantId: "merchant-a") { customerId orders(first: 10) { edges { node { customerId amount items { productName } } } } } }"""))
            .GetProperty("customer");

        var orders = customer.GetProperty("orders").GetProperty("edges").EnumerateArray().Select(edge => edge.GetProperty("node")).ToList();
        orders.Count.ShouldBe(GatewayFixture.Orders / GatewayFixture.Customers);
        orders.ShouldAllBe(order => order.GetProperty("customerId").GetString() == "customer-5");
        fixture.Upstream.Take().Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_history_of_an_order_and_the_hours_totals()
    {
        var id = await BuyAsync("pot-1", 10.5m, "JPY-shop", "USD");
        using var paid = await fixture.System.Api.PatchAsJsonAsync($"/v1/orders/{id}", new { status = "paid" });
        paid.IsSuccessStatusCode.ShouldBeTrue();
        await fixture.SeenAsync(id, 2);

        var order = (await fixture.Gateway.AskAsync(
            "query ($id: ID!) { order(id: $id) { history { version change changes { field from to } order { status amount } } } }", new { id })).GetProperty("order");
        var totals = (await fixture.Gateway.AskAsync("""{ totals(merchantId: "JPY-shop", currency: "USD") { hour orders amounts { currency orders amount } } }""")).GetProperty("totals");

        order.GetProperty("history").EnumerateArray().Select(version => version.GetProperty("change").GetString()).ShouldBe(["PLACED", "CHANGED"]);
        var change = order.GetProperty("history")[1].GetProperty("changes")[0];
        change.ToString().ShouldBe("""{"field":"status","from":"placed","to":"paid"}""");
        order.GetProperty("history")[0].GetProperty("order").GetProperty("status").GetString().ShouldBe("PLACED");
        order.GetProperty("history")[1].GetProperty("order").GetProperty("amount").GetString().ShouldBe("21.00");
        totals.GetArrayLength().ShouldBe(24);
        totals.EnumerateArray().Sum(hour => hour.GetProperty("orders").GetInt32()).ShouldBe(1);
        totals.EnumerateArray().Single(hour => hour.GetProperty("orders").GetInt32() == 1).GetProperty("amounts")[0].GetProperty("amount").GetString().ShouldBe("21.00");
    }

    [Fact]
    public async Task Customers_and_products_come_in_the_order_asked_with_null_for_what_does_not_exist()
    {
        // Of no other test: a plain id is ambiguous as soon as two merchants have it.
        await fixture.SeenAsync(await BuyAsync("cup-of-one-merchant", 1m));

        var data = await fixture.Gateway.AskAsync(
            """
            {
              customers(ids: ["customer-9", "nobody", "merchant-a/customer-2"], merchantId: "merchant-a") { customerId }
              products(ids: ["merchant-a/product-2", "merchant-z/product-2", "cup-of-one-merchant"]) { productId }
            }
            """);

        data.GetProperty("customers").ToString().ShouldBe("""[{"customerId":"customer-9"},null,{"customerId":"customer-2"}]""");
        data.GetProperty("products").ToString().ShouldBe("""[{"productId":"product-2"},null,{"productId":"cup-of-one-merchant"}]""");
    }

    private Task<string> BuyAsync(string product, decimal price, string merchant = "merchant-tea", string currency = "INR") => fixture.PlaceAsync(new
    {
        merchant_id = merchant,
        currency,
        items = new[] { new { product_id = product, product_name = "Assam tea, 250 g", quantity = 2, unit_price = price } },
    });
}
