using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Orders.Domain;
using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.Domain;

public sealed class OrderJsonTests
{
    [Fact]
    public void Every_order_comes_back_from_its_JSON_without_its_trace() => Prop.ForAll(OrderGenerator.Orders.ToArbitrary(), order =>
    {
        OrderJson.Read(OrderJson.Render(order)).ShouldBeTheOrder(order with { TraceParent = null });
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_order_is_rendered_in_snake_case_with_the_currencys_digits_and_milliseconds()
    {
        var order = SampleOrders.Placed(lines: 1, customer: "customer-7") with { OrderId = Guid.Parse("01a1faf5-986c-77d9-b1fe-0a7dcdbf780d"), TraceParent = "secret" };

        Encoding.UTF8.GetString(OrderJson.Render(order)).ShouldBe(
            """
            {"order_id":"01a1faf5-986c-77d9-b1fe-0a7dcdbf780d","merchant_id":"merchant-102","customer_id":"customer-7","status":"placed","currency":"INR","amount":200.00,
            "items":[{"order_item_id":1,"product_id":"product-1","product_name":"Product 1","quantity":1,"unit_price":1.00}],
            "placed_at":"2026-03-01T12:00:00.000Z","updated_at":"2026-03-01T12:00:00.000Z","version":1}
            """.Replace("\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public void An_order_within_a_larger_document_is_the_same()
    {
        var order = SampleOrders.Placed();
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            OrderJson.Write(json, order);
        }

        stream.ToArray().ShouldBe(OrderJson.Render(order));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("7")]
    public void What_is_no_order_is_a_JsonException(string json) => Should.Throw<JsonException>(() => OrderJson.Read(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("status", "\"lost\"")]
    [InlineData("status", "1")]
    [InlineData("currency", "\"XXX\"")]
    [InlineData("currency", "null")]
    [InlineData("placed_at", "\"noon\"")]
    [InlineData("amount", "\"200.00\"")]
    public void An_order_with_a_bad_member_is_a_JsonException(string member, string value)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(OrderJson.Render(SampleOrders.Placed()))!;
        json[member] = System.Text.Json.Nodes.JsonNode.Parse(value);

        Should.Throw<JsonException>(() => OrderJson.Read(Encoding.UTF8.GetBytes(json.ToJsonString())));
    }
}
