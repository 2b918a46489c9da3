using System.Globalization;
using System.Numerics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Orders.Domain;
using Shouldly;
using Xunit;

namespace Orders.Tests.Domain;

public sealed class ExactDecimalTests
{
    [Theory]
    [InlineData("200.00", "200.00")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("0", "0")]
    [InlineData("0e99999999999", "0")]
    [InlineData("1.25e3", "1250")]
    [InlineData("1E+2", "100")]
    [InlineData("12.5e-1", "1.25")]
    [InlineData("1e28", "10000000000000000000000000000")]
    [InlineData("1e-28", "0.0000000000000000000000000001")]
    [InlineData("9999999999999999999999999999", "9999999999999999999999999999")]
    [InlineData("0.9999999999999999999999999999", "0.9999999999999999999999999999")]
    [InlineData("0.10000000000000000000000000000000000000", "0.1000000000000000000000000000")]
    [InlineData("10000000000000000000000000000000000000000e-20", "100000000000000000000.00000000")]
    public void Every_digit_of_a_number_is_read(string text, string expected)
    {
        ExactDecimal.TryParse(Encoding.UTF8.GetBytes(text), out var fromBytes).ShouldBeTrue();
        ExactDecimal.TryParse(text, out var fromText).ShouldBeTrue();

        fromBytes.ToString(CultureInfo.InvariantCulture).ShouldBe(expected);
        fromText.ShouldBe(fromBytes);
    }

    [Theory]
    [InlineData("1e-29")]
    [InlineData("1e-400")]
    [InlineData("1e-99999999999")]
    [InlineData("1e29")]
    [InlineData("1e400")]
    [InlineData("1e99999999999")]
    [InlineData("0.00000000000000000000000000001")]
    [InlineData("12345678901234567890.123456789")]
    [InlineData("79228162514264337593543950335.5")]
    [InlineData("1.0000000000000000000000000000000000000001")]
    [InlineData("10000000000000000000000000000000000000001e-20")]
    public void A_number_that_a_decimal_would_round_is_refused(string text)
    {
        ExactDecimal.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();
        ExactDecimal.TryParse(text, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    [InlineData("1e")]
    [InlineData("NaN")]
    [InlineData("٣")]
    public void What_is_no_number_is_refused(string text) => ExactDecimal.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_text_of_any_length_is_refused_rather_than_thrown_at() => ExactDecimal.TryParse(new string('1', 100_000), out _).ShouldBeFalse();

    [Fact]
    public void Reading_agrees_with_whole_number_arithmetic()
    {
        var digits = Gen.Choose(0, 9).ListOf().Where(list => list.Count is > 0 and < 40).Select(string.Concat);
        var numbers = from whole in digits
                      from fraction in digits
                      from exponent in Gen.Choose(-35, 35)
                      select (Text: $"{whole}.{fraction}e{exponent}", Mantissa: BigInteger.Parse(whole + fraction), Scale: fraction.Length - exponent);

        Prop.ForAll(numbers.ToArbitrary(), number =>
        {
            if (!ExactDecimal.TryParse(number.Text, out var value))
            {
                // Refused: then no decimal is this number, save for the few of 29 digits that are left out
                // on purpose.
                return !FitsInto28Digits(number.Mantissa, number.Scale);
            }

            return SameNumber(value, number.Mantissa, number.Scale);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    private static bool SameNumber(decimal value, BigInteger mantissa, int scale)
    {
        var (ours, theirs) = (new BigInteger(value * 1m / new decimal(1, 0, 0, false, value.Scale)), mantissa);
        var difference = value.Scale - scale;
        return difference >= 0 ? ours == theirs * BigInteger.Pow(10, difference) : ours * BigInteger.Pow(10, -difference) == theirs;
    }

    private static bool FitsInto28Digits(BigInteger mantissa, int scale)
    {
        while (!mantissa.IsZero && mantissa % 10 == 0)
        {
            (mantissa, scale) = (mantissa / 10, scale - 1);
        }

        return mantissa.IsZero || (scale <= 28 && mantissa < BigInteger.Pow(10, 28) && (scale >= 0 || mantissa * BigInteger.Pow(10, -scale) < BigInteger.Pow(10, 28)));
    }
}
