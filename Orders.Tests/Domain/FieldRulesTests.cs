using System.Text;
using System.Text.Json;
using Orders.Domain;
using Orders.Domain.Fields;
using Orders.Domain.Item;
using Orders.Domain.Rules;
using Orders.Tests.Domain.Item;
using Shouldly;
using Xunit;

namespace Orders.Tests.Domain;

public sealed class FieldRulesTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("merchant-102")]
    [InlineData("A.b_c:d@e-9")]
    public void An_id_holds_letters_digits_and_five_signs(string id) => TextRule.PlainId.Allows(id).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a#b")]
    [InlineData("a/b")]
    [InlineData("é")]
    [InlineData("a\n")]
    public void An_id_holds_nothing_else(string id) => TextRule.PlainId.Allows(id).ShouldBeFalse();

    [Fact]
    public void An_id_ends_at_128_characters()
    {
        TextRule.PlainId.Allows(new string('a', 128)).ShouldBeTrue();
        TextRule.PlainId.Allows(new string('a', 129)).ShouldBeFalse();
    }

    [Fact]
    public void The_largest_order_is_an_item_that_DynamoDB_takes()
    {
        var id = new string('a', TextRule.PlainId.Longest);
        Currency.TryFind("CLF", out var currency);
        var line = new OrderLine(1, id, new string('€', TextRule.Name.Longest), (int)LineFields.QuantityRule.Request.Most, OrderFields.AmountRule.Request.Most);
        var order = Orders.Tests.Sync.SampleOrders.Placed() with
        {
            MerchantId = id,
            CustomerId = id,
            Currency = currency!,
            Amount = OrderFields.AmountRule.Request.Most,
            Items = [.. Enumerable.Repeat(line, OrderFields.RequestLines)],
            TraceParent = new string('0', 55),
        };

        // DynamoDB counts names and values, not its JSON's braces: this is an upper bound.
        var bytes = DynamoJson.Write(OrderItem.From(order));

        bytes.Length.ShouldBeLessThan(400 * 1024);
        JsonDocument.Parse(Encoding.UTF8.GetString(bytes)).RootElement.GetProperty("items").GetProperty("L").GetArrayLength().ShouldBe(OrderFields.RequestLines);
    }
}
