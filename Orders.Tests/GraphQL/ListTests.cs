using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Orders.Tests.GraphQL;

[Collection(GatewayCollection.Name)]
public sealed class ListTests(GatewayFixture fixture)
{
    private const string Everything =
        """
        query ($first: Int!, $after: String) {
          orders(first: $first, after: $after, filter: { merchantId: "merchant-a" }) {
            edges {
              cursor
              node {
                orderId merchantId customerId status currency amount placedAt updatedAt version
                items { orderItemId productId productName quantity unitPrice product { productId productName unitPrice currency } }
                customer { customerId orderCount capped amounts { currency orders amount } orders(first: 3) { edges { node { orderId } } } }
              }
            }
            pageInfo { hasNextPage endCursor }
          }
        }
        """;

    [Fact]
    public async Task A_list_of_50_orders_is_the_same_50_by_rest_and_by_GraphQL()
    {
        var rest = await fixture.System.Query.GetFromJsonAsync<JsonElement>("/v1/orders?merchant_id=merchant-a&limit=50");

        var nodes = Nodes((await fixture.Gateway.AskAsync(Everything, new { first = 50 })).GetProperty("orders")).ToList();

        nodes.Count.ShouldBe(50);
        foreach (var (expected, node) in rest.GetProperty("orders").EnumerateArray().Zip(nodes))
        {
            Text(node, "orderId").ShouldBe(Text(expected, "order_id"));
            Text(node, "merchantId").ShouldBe(Text(expected, "merchant_id"));
            Text(node, "customerId").ShouldBe(Text(expected, "customer_id"));
            Text(node, "status").ShouldBe(Text(expected, "status").ToUpperInvariant());
            Text(node, "currency").ShouldBe(Text(expected, "currency"));
            Text(node, "amount").ShouldBe(expected.GetProperty("amount").GetRawText());
            Text(node, "placedAt").ShouldBe(Text(expected, "placed_at"));
            Text(node, "updatedAt").ShouldBe(Text(expected, "updated_at"));
            node.GetProperty("version").GetInt64().ShouldBe(expected.GetProperty("version").GetInt64());
            foreach (var (line, item) in expected.GetProperty("items").EnumerateArray().Zip(node.GetProperty("items").EnumerateArray()))
            {
                item.GetProperty("orderItemId").GetInt32().ShouldBe(line.GetProperty("order_item_id").GetInt32());
                Text(item, "productId").ShouldBe(Text(line, "product_id"));
                Text(item, "productName").ShouldBe(Text(line, "product_name"));
                item.GetProperty("quantity").GetInt32().ShouldBe(line.GetProperty("quantity").GetInt32());
                Text(item, "unitPrice").ShouldBe(line.GetProperty("unit_price").GetRawText());
                Text(item.GetProperty("product"), "productId").ShouldBe(Text(line, "product_id"));
            }

            node.GetProperty("items").GetArrayLength().ShouldBe(expected.GetProperty("items").GetArrayLength());
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(50)]
    public async Task A_list_with_items_products_customers_and_their_orders_costs_four_calls_however_long_it_is(int first)
    {
        fixture.Upstream.Take();

        var orders = (await fixture.Gateway.AskAsync(Everything, new { first })).GetProperty("orders");

        Nodes(orders).Count().ShouldBe(first);
        fixture.Upstream.Take().Select(call => call.Path).ShouldBe(["/v1/orders", "/v1/products", "/v1/customers", "/v1/orders/by-customer"], ignoreOrder: true);
        foreach (var node in Nodes(orders))
        {
            Text(node.GetProperty("customer"), "customerId").ShouldBe(Text(node, "customerId"));
            node.GetProperty("customer").GetProperty("orderCount").GetInt32().ShouldBe(GatewayFixture.Orders / GatewayFixture.Customers);
            Nodes(node.GetProperty("customer").GetProperty("orders")).Count().ShouldBe(3);
        }
    }

    [Fact]
    public async Task Orders_asked_for_by_many_aliases_are_one_call()
    {
        var ids = Nodes((await fixture.Gateway.AskAsync(Everything, new { first = 5 })).GetProperty("orders")).Select(node => Text(node, "orderId")).ToList();
        fixture.Upstream.Take();

        var data = await fixture.Gateway.AskAsync($"{{ {string.Join(' ', ids.Select((id, i) => $"o{i}: order(id: \"{id.ToUpperInvariant()}\") {{ orderId }}"))} }}");

        data.EnumerateObject().Select(member => Text(member.Value, "orderId")).ShouldBe(ids);
        fixture.Upstream.Take().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_order_that_is_nobodys_is_null_and_those_asked_for_with_it_are_not()
    {
        var ids = Nodes((await fixture.Gateway.AskAsync(Everything, new { first = 2 })).GetProperty("orders")).Select(node => Text(node, "orderId")).ToList();

        var data = await fixture.Gateway.AskAsync(
            $"{{ nobodys: order(id: \"{Guid.CreateVersion7()}\") {{ orderId }} first: order(id: \"{ids[0]}\") {{ orderId }} second: order(id: \"{ids[1]}\") {{ orderId }} }}");

        data.GetProperty("nobodys").ValueKind.ShouldBe(JsonValueKind.Null);
        new[] { "first", "second" }.Select(alias => Text(data.GetProperty(alias), "orderId")).ShouldBe(ids);
    }

    [Fact]
    public async Task Pages_go_on_where_they_ended_until_there_is_none()
    {
        List<string> visited = [];
        string? after = null;
        do
        {
            var orders = (await fixture.Gateway.AskAsync(Everything, new { first = 17, after })).GetProperty("orders");
            visited.AddRange(Nodes(orders).Select(node => Text(node, "orderId")));
            var page = orders.GetProperty("pageInfo");
            after = page.GetProperty("endCursor").GetString();
            page.GetProperty("hasNextPage").GetBoolean().ShouldBe(after is not null);
            orders.GetProperty("edges").EnumerateArray().Last().GetProperty("cursor").GetString().ShouldBe(after);
        }
        while (after is not null);

        visited.Distinct().Count().ShouldBe(visited.Count);
        var rest = await fixture.System.Query.GetFromJsonAsync<JsonElement>("/v1/orders?merchant_id=merchant-a&limit=200");
        visited.ShouldBe(rest.GetProperty("orders").EnumerateArray().Select(order => Text(order, "order_id")));
    }

    [Fact]
    public async Task A_customers_orders_are_paged_too()
    {
        const string Query = """
            query ($after: String) {
              customer(id: "customer-7", merchantId: "merchant-a") { orders(first: 2, after: $after) { edges { node { orderId customerId } } pageInfo { endCursor } } }
            }
            """;
        var one = (await fixture.Gateway.AskAsync(Query)).GetProperty("customer").GetProperty("orders");
        var other = (await fixture.Gateway.AskAsync(Query, new { after = Text(one.GetProperty("pageInfo"), "endCursor") })).GetProperty("customer").GetProperty("orders");

        Nodes(one).Count().ShouldBe(2);
        Nodes(other).Count().ShouldBe(1);
        Nodes(one).Concat(Nodes(other)).Select(node => Text(node, "orderId")).Distinct().Count().ShouldBe(3);
        Nodes(one).Concat(Nodes(other)).ShouldAllBe(node => Text(node, "customerId") == "customer-7");
    }

    [Fact]
    public async Task Each_filter_reaches_the_list()
    {
        const string Query = "query ($filter: OrderFilter) { orders(first: 100, filter: $filter) { edges { node { orderId } } } }";

        (await CountAsync(new { merchantId = "merchant-a" })).ShouldBe(GatewayFixture.Orders);
        (await CountAsync(new { merchantId = "merchant-a", customerId = "customer-3" })).ShouldBe(GatewayFixture.Orders / GatewayFixture.Customers);
        (await CountAsync(new { merchantId = "merchant-a", status = "CANCELLED" })).ShouldBe(0);
        (await CountAsync(new { merchantId = "merchant-a", currency = "JPY" })).ShouldBe(0);
        (await CountAsync(new { merchantId = "merchant-a", from = "2999-01-01" })).ShouldBe(0);
        (await CountAsync(new { merchantId = "merchant-a", to = "2020-01-01T00:00:00+05:30" })).ShouldBe(0);

        async Task<int> CountAsync(object filter) => Nodes((await fixture.Gateway.AskAsync(Query, new { filter })).GetProperty("orders")).Count();
    }

    private static IEnumerable<JsonElement> Nodes(JsonElement connection) => connection.GetProperty("edges").EnumerateArray().Select(edge => edge.GetProperty("node"));

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;
}
