using System.Globalization;
using Orders.Domain;
using Shouldly;
using Xunit;

namespace Orders.Tests.Domain;

public sealed class CurrencyTests
{
    [Theory]
    [InlineData("JPY", 0)]
    [InlineData("KRW", 0)]
    [InlineData("ISK", 0)]
    [InlineData("INR", 2)]
    [InlineData("EUR", 2)]
    [InlineData("HUF", 2)]
    [InlineData("KWD", 3)]
    [InlineData("TND", 3)]
    [InlineData("CLF", 4)]
    [InlineData("UYW", 4)]
    public void A_currency_has_the_digits_of_ISO_4217(string code, int digits) => Find(code).Digits.ShouldBe(digits);

    [Theory]
    [InlineData("")]
    [InlineData("inr")]
    [InlineData("IN")]
    [InlineData("INRR")]
    [InlineData("XXX")]
    [InlineData("XAU")]
    [InlineData("XTS")]
    public void A_code_that_no_one_pays_with_is_not_found(string code) => Currency.TryFind(code, out _).ShouldBeFalse();

    [Theory]
    [InlineData("INR", "200", "200.00")]
    [InlineData("INR", "200.0", "200.00")]
    [InlineData("INR", "200.00000", "200.00")]
    [InlineData("JPY", "5.00", "5")]
    [InlineData("KWD", "1.5", "1.500")]
    [InlineData("INR", "1.005", "1.005")]
    [InlineData("INR", "1.00500", "1.005")]
    [InlineData("JPY", "782714.80", "782714.8")]
    [InlineData("JPY", "999999999999.99990000", "999999999999.9999")]
    public void One_amount_has_one_spelling_and_none_is_rounded(string code, string amount, string expected) =>
        Find(code).Scale(Number(amount)).ToString(CultureInfo.InvariantCulture).ShouldBe(expected);

    [Theory]
    [InlineData("INR", "1.23", true)]
    [InlineData("INR", "1.2300", true)]
    [InlineData("INR", "1.234", false)]
    [InlineData("JPY", "1", true)]
    [InlineData("JPY", "1.5", false)]
    [InlineData("CLF", "0.0001", true)]
    [InlineData("CLF", "0.00001", false)]
    public void An_amount_fits_when_it_has_no_more_digits_than_the_currency(string code, string amount, bool fits) =>
        Find(code).Fits(Number(amount)).ShouldBe(fits);

    [Theory]
    [InlineData("INR", true)]
    [InlineData("ZWG", true)]
    [InlineData("BGN", false)]
    [InlineData("HRK", false)]
    [InlineData("DEM", false)]
    [InlineData("ITL", false)]
    [InlineData("ZWL", false)]
    public void A_currency_that_was_withdrawn_is_known_and_not_active(string code, bool isActive) => Find(code).IsActive.ShouldBe(isActive);

    private static Currency Find(string code)
    {
        Currency.TryFind(code, out var currency).ShouldBeTrue();
        return currency!;
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
