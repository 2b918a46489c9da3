using System.Text.Json;
using Orders.Domain;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class GetProductsTests(ListFixture fixture) : IClassFixture<ListFixture>
{
    private readonly HttpClient _client = fixture.Service.Client;

    [Fact]
    public async Task A_product_has_the_name_and_price_of_the_newest_order()
    {
        var newest = fixture.Orders.First(order => order.MerchantId == "merchant-a" && order.Items.Count > 0);

        var product = await _client.JsonAsync("/v1/products/product-1?merchant_id=merchant-a");

        product.EnumerateObject().Select(member => member.Name).ShouldBe(["merchant_id", "product_id", "product_name", "unit_price", "currency", "as_of"]);
        product.GetProperty("product_name").GetString().ShouldBe("Tee \"N° 1\"");
        product.GetProperty("currency").GetString().ShouldBe(newest.Currency.Code);
        product.GetProperty("as_of").GetString().ShouldBe(Timestamp.Text(newest.PlacedAt));
        product.GetProperty("unit_price").GetRawText().ShouldBe(newest.Items[0].UnitPrice.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Many_products_come_in_the_order_asked_each_once_and_without_the_missing()
    {
        var answer = await _client.JsonAsync("/v1/products?ids=product-2,merchant-z/product-1,nothing,product-2&merchant_id=merchant-b");

        Names(answer).ShouldBe(["merchant-b/product-2", "merchant-z/product-1"]);
    }

    [Fact]
    public async Task What_another_merchant_alone_sells_does_not_exist()
    {
        var order = Sample.Order("merchant-z");
        await fixture.Stores.StoreAsync(order with { Items = [order.Items[0] with { ProductId = "only-z" }] });
        var missing = await fixture.Service.Limited.NotFoundAsync("/v1/products/nothing");

        (await fixture.Service.Limited.NotFoundAsync("/v1/products/only-z")).ShouldBe(missing);
        (await fixture.Service.Limited.NotFoundAsync("/v1/products/only-z?merchant_id=merchant-z")).ShouldBe(missing);
        Names(await fixture.Service.Limited.JsonAsync("/v1/products?ids=only-z,merchant-z/only-z")).ShouldBeEmpty();
        (await _client.JsonAsync("/v1/products/only-z")).GetProperty("merchant_id").GetString().ShouldBe("merchant-z");
    }

    private static IEnumerable<string> Names(JsonElement answer) => answer.GetProperty("products").EnumerateArray()
        .Select(product => $"{product.GetProperty("merchant_id").GetString()}/{product.GetProperty("product_id").GetString()}");
}
