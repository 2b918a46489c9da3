using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Orders.Tests.GraphQL;

[Collection(GatewayCollection.Name)]
public sealed class ExactNumbersTests(GatewayFixture fixture) : IDisposable
{
    public void Dispose() => fixture.Upstream.Instead = null;

    [Theory]
    [InlineData("200.00")]
    [InlineData("0.1")]
    [InlineData("0.10")]
    [InlineData("100")]
    [InlineData("0")]
    [InlineData("-0.00")]
    [InlineData("999999999999.9999")]
    [InlineData("12345678901234567890.12")]
    [InlineData("12345678901234567890")]
    [InlineData("79228162514264337593543950335")]
    [InlineData("-12345678901234567890.000000000000000001")]
    [InlineData("158456325028528675187087900670.00")]
    [InlineData("9999999999999999")]
    public async Task An_amount_comes_out_to_the_digit(string digits)
    {
        Answer($$"""{"hours":[{"hour":"2026-01-31T08:00:00.000Z","orders":1,"amounts":[ {"currency":"INR","orders":1,"amount":{{digits}}},{"currency":"X","orders":1,"amount" : {{digits}} } ]}]}""");

        var amounts = (await fixture.Gateway.AskAsync("{ totals { amounts { amount } } }")).GetProperty("totals")[0].GetProperty("amounts");

        amounts.EnumerateArray().Select(amount => amount.GetProperty("amount").GetString()).ShouldBe([digits, digits]);
    }

    [Theory]
    [InlineData("1.50 and 12345678901234567890")]
    [InlineData("a \"1.5\" b")]
    [InlineData("\\1.5\\")]
    [InlineData("\\\" , 1.5 : \\")]
    [InlineData("1.5\n2.5\u0000é\u2028😀")]
    [InlineData("-1e5")]
    public async Task Digits_in_a_text_stay_as_they_are(string name)
    {
        Answer($$"""{"merchant_id":"m","product_id":"1.50","product_name":{{JsonSerializer.Serialize(name)}},"unit_price":1.50,"currency":"INR","as_of":"2026-01-31T09:30:00.000Z"}""");

        var product = (await fixture.Gateway.AskAsync("""{ product(id: "x") { productId productName unitPrice } }""")).GetProperty("product");

        product.GetProperty("productName").GetString().ShouldBe(name);
        product.GetProperty("productId").GetString().ShouldBe("1.50");
        product.GetProperty("unitPrice").GetString().ShouldBe("1.50");
    }

    private void Answer(string json) => fixture.Upstream.Instead = async http =>
    {
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(json);
        return true;
    };
}
