using System.Text;
using Orders.Api.ChangeStatus;
using Orders.Api.Place;
using Orders.Domain;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Body;

public sealed class JsonNameTests
{
    [Theory]
    [InlineData("""{"merchant\u005fid":"m","amount":5,"currency":"INR"}""")]
    [InlineData("""{"merchant\u005Fid":"m","\u0061mount":5,"currenc\u0079":"INR"}""")]
    [InlineData("""{"\u006d\u0065\u0072\u0063\u0068\u0061\u006e\u0074\u005f\u0069\u0064":"m","amount":5,"currency":"INR"}""")]
    public void A_name_with_escapes_is_the_same_name(string body) =>
        OrderRequestReader.Read(Encoding.UTF8.GetBytes(body)).Value.ShouldNotBeNull().ShouldSatisfyAllConditions(
            order => order.MerchantId.ShouldBe("m"), order => order.Order.Amount.ShouldBe(5m));

    [Fact]
    public void So_it_is_in_a_line_and_in_a_change_of_status()
    {
        OrderRequestReader.Read("""{"merchant_id":"m","currency":"INR","\u0069tems":[{"product\u005fid":"p","product_n\u0061me":"n","quantit\u0079":2,"unit\u005fprice":1}]}"""u8)
            .Value.ShouldNotBeNull().Order.Items.ShouldHaveSingleItem().Quantity.ShouldBe(2);
        StatusRequestReader.Read("""{"st\u0061tus":"paid"}"""u8).Value.ShouldNotBeNull().Status.ShouldBe(OrderStatus.Paid);
    }

    [Theory]
    [InlineData("""{"merchant_id":"m","merchant\u005fid":"n","amount":5,"currency":"INR"}""", "merchant_id")]
    [InlineData("""{"merchant\u005fid":"m","merchant\u005Fid":"m","amount":5,"currency":"INR"}""", "merchant_id")]
    [InlineData("""{"merchant_id":"m","currency":"INR","items":[{"product_id":"p","product\u005fid":"q","product_name":"n","quantity":2,"unit_price":1}]}""", "items[0].product_id")]
    public void One_that_comes_again_is_named_by_its_plain_name(string body, string field) =>
        OrderRequestReader.Read(Encoding.UTF8.GetBytes(body)).Errors!.ByField[field].ShouldBe(["is given more than once"]);

    [Theory]
    [InlineData("""caf\u00e9""", "café")]
    [InlineData("""\ud83d\ude00""", "😀")]
    [InlineData("""a\"\\\/\b\f\n\r\tz""", "a\"\\/\b\f\n\r\tz")]
    [InlineData("""half \ud83d""", "half \ufffd")]
    [InlineData("""\ude00 half""", "\ufffd half")]
    [InlineData("""\u006derchant_i""", "merchant_i")]
    [InlineData("""merchant_id\u0000""", "merchant_id\0")]
    public void A_name_that_is_none_of_ours_is_named_as_it_reads(string written, string shown) =>
        OrderRequestReader.Read(Encoding.UTF8.GetBytes($$"""{"merchant_id":"m","amount":5,"currency":"INR","{{written}}":1}""")).Errors!.ByField.Keys.ShouldBe([shown]);

    [Fact]
    public void A_status_that_comes_again_by_escapes_is_refused() =>
        StatusRequestReader.Read("""{"status":"paid","st\u0061tus":"shipped"}"""u8).Errors!.ByField["status"].ShouldBe(["is given more than once"]);

    [Fact]
    public void A_name_that_is_no_utf_8_is_refused_by_what_can_be_shown_of_it() =>
        OrderRequestReader.Read([.. """{"merchant_id":"m","amount":5,"currency":"INR","caf"""u8, 0xE9, .. "\":1}"u8]).Errors!.ByField.Keys.ShouldBe(["caf\ufffd"]);
}
