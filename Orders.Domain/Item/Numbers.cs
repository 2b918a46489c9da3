using System.Globalization;

namespace Orders.Domain.Item;

/// <summary>DynamoDB's numbers: text of up to 38 digits, which may come with an exponent.</summary>
internal static class Numbers
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads a number without losing a digit; false where a decimal could not hold all of them.</summary>
    public static bool TryDecimal(ReadOnlySpan<char> text, out decimal value) =>
        decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out value) && Digits(text) <= 28;

    public static bool TryVersion(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        if (!TryDecimal(text, out var number) || number < 1 || number > long.MaxValue || decimal.Truncate(number) != number)
        {
            return false;
        }

        value = (long)number;
        return true;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var c in text)
        {
            if (c is 'e' or 'E')
            {
                break;
            }

            count += char.IsAsciiDigit(c) ? 1 : 0;
        }

        return count;
    }
}
