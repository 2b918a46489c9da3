using System.Text;
using Amazon.DynamoDBv2.Model;
using FsCheck;
using FsCheck.Fluent;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.Domain.Item;

public sealed class OrderItemTests
{
    [Fact]
    public void Every_order_comes_back_from_its_item_whichever_way_it_is_read() => Prop.ForAll(OrderGenerator.Orders.ToArbitrary(), order =>
    {
        var item = OrderItem.From(order);
        OrderItem.TryRead(item, out var fromMap, out _).ShouldBeTrue();
        OrderItem.TryRead(DynamoJson.Write(item), out var fromJson, out _).ShouldBeTrue();

        fromMap.ShouldBeTheOrder(order);
        fromJson.ShouldBeTheOrder(order);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_order_is_one_item_with_the_attributes_of_the_design()
    {
        var order = SampleOrders.Placed(lines: 1, customer: "customer-7") with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };

        var item = OrderItem.From(order);

        item.Keys.ShouldBe(
            ["pk", "sk", "entity", "order_id", "merchant_id", "customer_id", "status", "currency", "amount", "items", "placed_at", "updated_at", "version", "traceparent"],
            ignoreOrder: true);
        item["pk"].S.ShouldBe($"ORDER#{order.OrderId:D}");
        item["sk"].S.ShouldBe("ORDER");
        item["entity"].S.ShouldBe("order");
        item["amount"].N.ShouldBe("200.00");
        item["version"].N.ShouldBe("1");
        item["placed_at"].S.ShouldBe("2026-03-01T12:00:00.000Z");
        item["items"].L.ShouldHaveSingleItem().M.Keys.ShouldBe(["product_id", "product_name", "quantity", "unit_price"], ignoreOrder: true);
    }

    [Fact]
    public void What_is_not_known_has_no_attribute()
    {
        var item = OrderItem.From(SampleOrders.Placed());

        item.ShouldNotContainKey("customer_id");
        item.ShouldNotContainKey("traceparent");
        item["items"].L.ShouldBeEmpty();
    }

    // DynamoDB cuts trailing zeros: 200.00 is stored as 200.
    [Fact]
    public void An_amount_gets_back_the_digits_that_DynamoDB_takes_off()
    {
        var item = OrderItem.From(SampleOrders.Placed(lines: 1));
        item["amount"].N = "2E+2";
        item["items"].L[0].M["unit_price"].N = "1";

        var order = Read(item);

        order.Amount.ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe("200.00");
        order.Items[0].UnitPrice.ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe("1.00");
    }

    [Theory]
    [InlineData("entity", "S", "idempotency")]
    [InlineData("entity", "S", "customer")]
    public void An_item_of_another_entity_is_passed_over_whatever_else_it_holds(string name, string type, string value)
    {
        var item = OrderItem.From(SampleOrders.Placed());
        item[name] = Attribute(type, value);
        item["amount"] = Attribute("S", "not a number");

        Fault(item).Kind.ShouldBe(ItemFaultKind.OtherEntity);
    }

    [Fact]
    public void An_item_without_entity_is_passed_over_unless_its_key_is_an_orders()
    {
        var item = OrderItem.From(SampleOrders.Placed());
        item.Remove("entity");
        Fault(item).ShouldBe(new ItemFault(ItemFaultKind.Broken, "entity", "is missing"));

        item["pk"].S = "SOMETHING#1";
        Fault(item).Kind.ShouldBe(ItemFaultKind.Unknown);
    }

    [Theory]
    [InlineData("order_id")]
    [InlineData("merchant_id")]
    [InlineData("status")]
    [InlineData("currency")]
    [InlineData("amount")]
    [InlineData("placed_at")]
    [InlineData("updated_at")]
    [InlineData("version")]
    public void An_order_that_lacks_an_attribute_is_broken_there(string name)
    {
        var item = OrderItem.From(SampleOrders.Placed());
        item.Remove(name);
        Fault(item).ShouldBe(new ItemFault(ItemFaultKind.Broken, name, "is missing"));

        item[name] = Attribute("NULL", "");
        Fault(item).ShouldBe(new ItemFault(ItemFaultKind.Broken, name, "is missing"));
    }

    [Theory]
    [InlineData("order_id", "S", "17")]
    [InlineData("order_id", "S", "01a1faf5-986c-77d9-b1fe-0a7dcdbf780d")]
    [InlineData("merchant_id", "N", "5")]
    [InlineData("merchant_id", "BOOL", "true")]
    [InlineData("customer_id", "N", "5")]
    [InlineData("customer_id", "L", "")]
    [InlineData("status", "S", "lost")]
    [InlineData("status", "N", "1")]
    [InlineData("currency", "S", "XXX")]
    [InlineData("amount", "S", "200.00")]
    [InlineData("amount", "N", "abc")]
    [InlineData("amount", "N", "1E-30")]
    [InlineData("amount", "N", "1.00000000000000000000000000000000001")]
    [InlineData("placed_at", "S", "noon")]
    [InlineData("placed_at", "N", "1700000000")]
    [InlineData("updated_at", "S", "")]
    [InlineData("pk", "S", "ORDER#")]
    [InlineData("pk", "S", "ORDER#01A1FAF5-986C-77D9-B1FE-0A7DCDBF780D")]
    [InlineData("pk", "S", "INVOICE#7")]
    [InlineData("pk", "N", "7")]
    [InlineData("sk", "S", "ORDER#1")]
    [InlineData("sk", "S", "order")]
    [InlineData("order_id", "S", "{01a1faf5-986c-77d9-b1fe-0a7dcdbf780d}")]
    [InlineData("merchant_id", "S", "")]
    [InlineData("merchant_id", "S", "*")]
    [InlineData("merchant_id", "S", "m/1")]
    [InlineData("customer_id", "S", "")]
    [InlineData("customer_id", "S", "  ")]
    [InlineData("customer_id", "S", "a\u0000b")]
    [InlineData("customer_id", "S", "a\nb")]
    [InlineData("amount", "N", "0")]
    [InlineData("amount", "N", "-500")]
    [InlineData("amount", "N", "-0.01")]
    [InlineData("amount", "N", "1000000000000")]
    [InlineData("amount", "N", "33.33333333333333333333333333")]
    [InlineData("amount", "N", "1E100")]
    [InlineData("placed_at", "S", "03/04/2026")]
    [InlineData("placed_at", "S", "10:30")]
    [InlineData("placed_at", "S", "2026-03-04")]
    [InlineData("placed_at", "S", "2026-03-04T10:30:00")]
    [InlineData("placed_at", "S", "0001-01-01T00:00:00Z")]
    [InlineData("placed_at", "S", "9999-12-31T23:59:59.999Z")]
    [InlineData("updated_at", "S", "1769851800")]
    [InlineData("currency", "S", "eur")]
    [InlineData("version", "N", "0")]
    [InlineData("version", "N", "1.5")]
    [InlineData("version", "N", "9200000000000000001")]
    [InlineData("version", "N", "9223372036854775808")]
    [InlineData("version", "S", "1")]
    [InlineData("items", "S", "none")]
    [InlineData("items", "BOOL", "true")]
    [InlineData("items", "M", "")]
    public void An_order_with_a_bad_attribute_is_broken_there(string name, string type, string value)
    {
        var item = OrderItem.From(SampleOrders.Placed(customer: "customer-7"));
        item[name] = Attribute(type, value);

        var fault = Fault(item);

        (fault.Kind, fault.Attribute).ShouldBe((ItemFaultKind.Broken, name));
    }

    [Theory]
    [InlineData("customer_id", "S", "jane+shop@example.com")]
    [InlineData("customer_id", "S", "名前 1/2?#%")]
    [InlineData("currency", "S", "BGN")]
    [InlineData("currency", "S", "HRK")]
    [InlineData("amount", "N", "0.00000001")]
    [InlineData("amount", "N", "999999999999.9999")]
    [InlineData("version", "N", "1769851800123456789")]
    [InlineData("version", "N", "1E3")]
    [InlineData("placed_at", "S", "2026-01-31T09:30:00.1234567Z")]
    [InlineData("placed_at", "S", "2026-01-31 09:30:00.123456789+05:30")]
    [InlineData("placed_at", "S", "2016-12-31T23:59:60Z")]
    [InlineData("traceparent", "N", "7")]
    [InlineData("traceparent", "BOOL", "true")]
    public void What_another_writer_or_an_earlier_time_has_put_is_read(string name, string type, string value)
    {
        var item = OrderItem.From(SampleOrders.Placed(customer: "customer-7"));
        item[name] = Attribute(type, value);

        var order = Read(item);

        // Postgres keeps no more of a time, so that whoever compares finds no difference.
        (order.PlacedAt.Ticks % TimeSpan.TicksPerMillisecond).ShouldBe(0);
        OrderItem.TryRead(DynamoJson.Write(item), out var fromJson, out _).ShouldBeTrue();
        fromJson.ShouldBeTheOrder(order);
    }

    [Fact]
    public void An_order_id_in_capitals_is_the_one_of_its_key()
    {
        var order = SampleOrders.Placed();
        var item = OrderItem.From(order);
        item["order_id"].S = item["order_id"].S.ToUpperInvariant();

        Read(item).OrderId.ShouldBe(order.OrderId);
    }

    [Fact]
    public void An_item_of_an_orders_partition_that_has_another_sort_key_and_does_not_say_that_it_is_an_order_is_passed_over()
    {
        var item = OrderItem.From(SampleOrders.Placed());
        item["sk"].S = "NOTE#1";
        item.Remove("entity");

        Fault(item).Kind.ShouldBe(ItemFaultKind.Unknown);
    }

    [Fact]
    public void An_order_may_have_as_many_lines_as_its_item_holds()
    {
        var item = OrderItem.From(SampleOrders.Placed(lines: 300));

        Read(item).Items.Count.ShouldBe(300);
    }

    [Theory]
    [InlineData("product_id", "NULL", "")]
    [InlineData("product_id", "N", "7")]
    [InlineData("product_name", "BOOL", "true")]
    [InlineData("quantity", "N", "0")]
    [InlineData("quantity", "N", "1.5")]
    [InlineData("quantity", "N", "3000000000")]
    [InlineData("quantity", "S", "1")]
    [InlineData("unit_price", "N", "1E-30")]
    [InlineData("unit_price", "N", "-1")]
    [InlineData("unit_price", "N", "0.000000001")]
    [InlineData("unit_price", "S", "1")]
    [InlineData("product_id", "S", "")]
    [InlineData("product_id", "S", "a\u0007")]
    [InlineData("product_name", "S", "a\u0000b")]
    public void An_order_with_a_bad_line_is_broken_there(string name, string type, string value)
    {
        var item = OrderItem.From(SampleOrders.Placed(lines: 3));
        item["items"].L[1].M[name] = Attribute(type, value);

        var fault = Fault(item);
        (fault.Kind, fault.Attribute).ShouldBe((ItemFaultKind.Broken, $"items[1].{name}"));
        fault.Message.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("product_id", "S", "tea/250 g")]
    [InlineData("product_id", "S", "名前+1?#%")]
    [InlineData("product_name", "S", "")]
    [InlineData("product_name", "S", "a\nb")]
    [InlineData("quantity", "N", "2147483647")]
    [InlineData("unit_price", "N", "0")]
    [InlineData("unit_price", "N", "0.00000001")]
    public void What_another_writer_has_put_in_a_line_is_read(string name, string type, string value)
    {
        var item = OrderItem.From(SampleOrders.Placed(lines: 3));
        item["items"].L[1].M[name] = Attribute(type, value);

        Read(item).Items.Count.ShouldBe(3);
    }

    [Fact]
    public void A_line_that_is_no_map_is_a_broken_line()
    {
        var item = OrderItem.From(SampleOrders.Placed(lines: 2));
        item["items"].L[1] = Attribute("S", "tea");

        Fault(item).ShouldBe(new ItemFault(ItemFaultKind.Broken, "items[1]", "must be of the type M, and is of S"));
    }

    [Fact]
    public void An_attribute_that_a_newer_writer_adds_is_passed_over()
    {
        var order = SampleOrders.Placed(lines: 1);
        var item = OrderItem.From(order);
        foreach (var type in (string[])["S", "N", "BOOL", "NULL", "L", "M"])
        {
            item[$"new_{type}"] = Attribute(type, type == "N" ? "1" : "true");
            item["items"].L[0].M[$"new_{type}"] = Attribute(type, type == "N" ? "1" : "true");
        }

        Read(item).ShouldBeTheOrder(order);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"pk":""")]
    [InlineData("""{"entity":"order"}""")]
    [InlineData("""{"entity":{}}""")]
    [InlineData("""{"entity":{"S":"order","N":"1"}}""")]
    [InlineData("""{"entity":{"S":7}}""")]
    [InlineData("""{"entity":{"S":"order"},"merchant_id":{"S":"\ud800"}}""")]
    [InlineData("""{"entity":{"S":"order"},"items":{"L":[{"M":7}]}}""")]
    public void What_is_no_DynamoDB_JSON_is_a_fault_and_no_exception(string json) =>
        OrderItem.TryRead(DynamoJson.Utf8(json), out _, out _).ShouldBeFalse();

    [Fact]
    public void Bytes_that_are_no_UTF8_are_a_fault_and_no_exception()
    {
        var json = DynamoJson.Write(OrderItem.From(SampleOrders.Placed(merchant: "mmmm")));
        json[json.AsSpan().IndexOf("mmmm"u8)] = 0xFF;

        OrderItem.TryRead(json, out _, out var fault).ShouldBeFalse();
        fault!.Kind.ShouldBe(ItemFaultKind.Broken);
    }

    /// <summary>The fault, which both readers must find alike.</summary>
    private static ItemFault Fault(Dictionary<string, AttributeValue> item)
    {
        OrderItem.TryRead(item, out _, out var fromMap).ShouldBeFalse();
        OrderItem.TryRead(DynamoJson.Write(item), out _, out var fromJson).ShouldBeFalse(Encoding.UTF8.GetString(DynamoJson.Write(item)));
        (fromJson!.Kind, fromJson.Attribute).ShouldBe((fromMap!.Kind, fromMap.Attribute));
        return fromMap;
    }

    private static Order Read(Dictionary<string, AttributeValue> item)
    {
        OrderItem.TryRead(item, out var fromMap, out _).ShouldBeTrue();
        OrderItem.TryRead(DynamoJson.Write(item), out var fromJson, out _).ShouldBeTrue();
        fromJson.ShouldBeTheOrder(fromMap!);
        return fromMap!;
    }

    private static AttributeValue Attribute(string type, string value) => type switch
    {
        "S" => new() { S = value },
        "N" => new() { N = value },
        "BOOL" => new() { BOOL = true },
        "NULL" => new() { NULL = true },
        "M" => new() { M = [] },
        _ => new() { L = [] },
    };
}
