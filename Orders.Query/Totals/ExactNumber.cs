using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;
using Orders.Domain;

namespace Orders.Query.Totals;

/// <summary>
/// A decimal number with any number of digits: amounts that each fit a <see cref="decimal"/> may have a sum
/// in Postgres that does not. In JSON it is a number.
/// </summary>
[JsonConverter(typeof(ExactNumberJsonConverter))]
internal readonly record struct ExactNumber
{
    private readonly BigInteger _units;
    private readonly int _digits;

    // The value is units × 10^-digits.
    private ExactNumber(BigInteger units, int digits) => (_units, _digits) = (units, digits);

    public static ExactNumber operator +(ExactNumber left, ExactNumber right)
    {
        var digits = Math.Max(left._digits, right._digits);
        return new(left.UnitsOf(digits) + right.UnitsOf(digits), digits);
    }

    /// <summary>
    /// Parses a <c>numeric</c> that Postgres cast to <c>text</c>, which never has an exponent.
    /// </summary>
    /// <param name="text">The number.</param>
    /// <param name="number">The parsed number.</param>
    /// <returns>False for NaN and Infinity, which a numeric column can hold too.</returns>
    public static bool TryParse(string text, out ExactNumber number)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var isNumber = BigInteger.TryParse(point < 0 ? text : text.Remove(point, 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var units);
        number = new(units, point < 0 ? 0 : text.Length - point - 1);
        return isNumber;
    }

    /// <summary>
    /// The same number with at least the currency's decimals; as in <see cref="Currency.Scale"/>, further
    /// zeros are cut.
    /// </summary>
    public ExactNumber Scale(Currency currency)
    {
        if (_digits <= currency.Digits)
        {
            return new(UnitsOf(currency.Digits), currency.Digits);
        }

        var (units, digits) = (_units, _digits);
        while (digits > currency.Digits && units % 10 == 0)
        {
            (units, digits) = (units / 10, digits - 1);
        }

        return new(units, digits);
    }

    /// <summary>Its digits, without an exponent.</summary>
    public override string ToString()
    {
        var text = BigInteger.Abs(_units).ToString(CultureInfo.InvariantCulture).PadLeft(_digits + 1, '0');
        var sign = _units.Sign < 0 ? "-" : "";
        return _digits == 0 ? sign + text : $"{sign}{text[..^_digits]}.{text[^_digits..]}";
    }

    private BigInteger UnitsOf(int digits) => digits == _digits ? _units : _units * BigInteger.Pow(10, digits - _digits);
}
