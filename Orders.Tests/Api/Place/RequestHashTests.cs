using System.Text;
using Orders.Api.Place;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Place;

public sealed class RequestHashTests
{
    private const string Order = """{"merchant_id":"m","customer_id":"c","currency":"INR","items":[{"product_id":"a","product_name":"A","quantity":2,"unit_price":50}]}""";

    [Theory]
    [InlineData("""{ "merchant_id": "m", "customer_id": "c", "currency": "INR", "items": [ { "product_id": "a", "product_name": "A", "quantity": 2, "unit_price": 50 } ] }""")]
    [InlineData("""{"items":[{"unit_price":50.00,"quantity":2.0,"product_name":"\u0041","product_id":"a"}],"currency":"INR","customer_id":"c","merchant_id":"m"}""")]
    [InlineData("""{"merchant_id":"m","customer_id":"c","currency":"INR","amount":1e2,"items":[{"product_id":"a","product_name":"A","quantity":2,"unit_price":50}]}""")]
    public void Another_spelling_of_the_same_request_has_the_same_hash(string body) => Hash(body).ShouldBe(Hash(Order));

    [Theory]
    [InlineData("""{"merchant_id":"n","customer_id":"c","currency":"INR","items":[{"product_id":"a","product_name":"A","quantity":2,"unit_price":50}]}""")]
    [InlineData("""{"merchant_id":"m","customer_id":"d","currency":"INR","items":[{"product_id":"a","product_name":"A","quantity":2,"unit_price":50}]}""")]
    [InlineData("""{"merchant_id":"m","currency":"INR","items":[{"product_id":"a","product_name":"A","quantity":2,"unit_price":50}]}""")]
    [InlineData("""{"merchant_id":"m","customer_id":"c","currency":"EUR","items":[{"product_id":"a","product_name":"A","quantity":2,"unit_price":50}]}""")]
    [InlineData("""{"merchant_id":"m","customer_id":"c","currency":"INR","amount":100}""")]
    [InlineData("""{"merchant_id":"m","customer_id":"c","currency":"INR","items":[{"product_id":"b","product_name":"A","quantity":2,"unit_price":50}]}""")]
    [InlineData("""{"merchant_id":"m","customer_id":"c","currency":"INR","items":[{"product_id":"a","product_name":"B","quantity":2,"unit_price":50}]}""")]
    [InlineData("""{"merchant_id":"m","customer_id":"c","currency":"INR","items":[{"product_id":"a","product_name":"A","quantity":1,"unit_price":100}]}""")]
    [InlineData("""{"merchant_id":"m","customer_id":"c","currency":"INR","items":[{"product_id":"a","product_name":"A","quantity":1,"unit_price":50},{"product_id":"a","product_name":"A","quantity":1,"unit_price":50}]}""")]
    public void Another_request_has_another_hash(string body) => Hash(body).ShouldNotBe(Hash(Order));

    [Fact]
    public void The_hash_stays_the_same_from_one_version_of_the_service_to_the_next() =>
        Hash("""{"merchant_id":"merchant-102","amount":200.00,"currency":"INR"}""").ShouldBe("03b82b574acbb198cc9ad2325631b1433c2bfb91810ecd43be1579ecf8d3f0a3");

    private static string Hash(string body)
    {
        OrderRequestReader.Read(Encoding.UTF8.GetBytes(body)).TryGet(out var request, out _).ShouldBeTrue();
        return RequestHash.Of(request!);
    }
}
