using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Orders.Api.Place;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Tests.Domain;
using Orders.Tests.Domain.Item;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Place;

public sealed class OrderRequestProperties
{
    [Fact]
    public void A_valid_request_becomes_the_order_that_every_reader_reads() => Prop.ForAll(OrderGenerator.NewOrders.ToArbitrary(), order =>
    {
        OrderRequestReader.Read(Body(order)).TryGet(out var request, out _).ShouldBeTrue();
        var placed = request!.Place(order.OrderId, order.PlacedAt, order.TraceParent);
        placed.ShouldBeTheOrder(order);

        var item = OrderItem.From(placed);
        OrderItem.TryRead(item, out var fromMap, out _).ShouldBeTrue();
        OrderItem.TryRead(DynamoJson.Write(item), out var fromJson, out _).ShouldBeTrue();
        fromMap.ShouldBeTheOrder(order);
        fromJson.ShouldBeTheOrder(order);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_bytes_whatever_make_the_reader_throw() => Prop.ForAll(Broken().ToArbitrary(), body =>
    {
        var read = OrderRequestReader.Read(body);
        (read.Value is null).ShouldBe(read.Errors is { Any: true });
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    /// <summary>Good bodies with some bytes turned into others.</summary>
    private static Gen<byte[]> Broken() =>
        from order in OrderGenerator.NewOrders
        from hits in (from at in Gen.Choose(0, int.MaxValue) from value in Gen.OneOf(Gen.Choose(0, 255), Gen.Elements("{}[]\",:\\0-eu".Select(c => (int)c).ToArray())) select (at, value)).ListOf()
        select Hit(Body(order with { Items = [.. order.Items.Take(2)] }), hits);

    private static byte[] Hit(byte[] body, IEnumerable<(int At, int Value)> hits)
    {
        foreach (var (at, value) in hits)
        {
            body[at % body.Length] = (byte)value;
        }

        return body;
    }

    private static byte[] Body(Order order)
    {
        var body = new JsonObject { ["currency"] = order.Currency.Code, ["merchant_id"] = order.MerchantId };
        if (order.CustomerId is not null)
        {
            body["customer_id"] = order.CustomerId;
        }

        if (order.Items.Count > 0)
        {
            body["items"] = new JsonArray([.. order.Items.Select(line => new JsonObject
            {
                ["product_id"] = line.ProductId,
                ["product_name"] = line.ProductName,
                ["quantity"] = line.Quantity,
                ["unit_price"] = line.UnitPrice,
            })]);
        }

        // Beside items the amount may be there or not.
        if (order.Items.Count == 0 || order.Amount % 2 == 0)
        {
            body["amount"] = order.Amount;
        }

        return Encoding.UTF8.GetBytes(body.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }
}
