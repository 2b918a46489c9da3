using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Orders.Domain;
using Orders.Query.Totals;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class ExactNumberTests
{
    [Theory]
    [InlineData("0", "INR", "0.00")]
    [InlineData("-0.5", "INR", "-0.50")]
    [InlineData("-1e", "INR", null)]
    [InlineData("NaN", "INR", null)]
    [InlineData("Infinity", "JPY", null)]
    [InlineData("200", "JPY", "200")]
    [InlineData("200.000", "JPY", "200")]
    [InlineData("200.5", "JPY", "200.5")]
    [InlineData("1.2340", "INR", "1.234")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890", "KWD", "123456789012345678901234567890123456789012345678901234567890.000")]
    public void An_amount_has_its_currencys_digits_at_least(string number, string currency, string? expected) => Amounts.Read(currency, number)?.ToString().ShouldBe(expected);

    [Fact]
    public void A_number_agrees_with_a_decimal_wherever_that_holds_it()
    {
        var amounts = from units in ArbMap.Default.GeneratorFor<long>()
                      from scale in Gen.Choose(0, 9)
                      select new decimal((int)units, (int)(units >> 32), 0, units < 0, (byte)scale);
        var pairs = from one in amounts
                    from other in amounts
                    from code in Gen.Elements("JPY", "INR", "KWD", "CLF")
                    select (one, other, code);

        Prop.ForAll(pairs.ToArbitrary(), pair =>
        {
            Currency.TryFind(pair.code, out var currency).ShouldBeTrue();
            var sum = Amounts.Sum([Amounts.Read("?", Text(pair.one)), Amounts.Read("?", Text(pair.other))]);
            sum.ToString().ShouldBe(Text(pair.one + pair.other));
            Amounts.Read(pair.code, sum.ToString()!).ToString().ShouldBe(Text(currency!.Scale(pair.one + pair.other)));
            JsonSerializer.Serialize(sum).ShouldBe(sum.ToString());
        }).QuickCheckThrowOnFailure();
    }

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
