using System.Globalization;
using System.Text;

namespace Orders.Domain;

/// <summary>
/// Parses a decimal number without losing a digit, or not at all. The platform's parser rounds what a
/// decimal cannot hold, so that 1e-30 becomes 0.
/// </summary>
public static class ExactDecimal
{
    // A decimal holds every number of 28 significant digits with at most 28 of them after the point.
    private const int Digits = 28;
    private const int LongestText = 256;
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads a number such as <c>-12.50</c> or <c>1.25e3</c>.</summary>
    /// <param name="utf8">The digits.</param>
    /// <param name="value">The number; trailing zeros behind the point are kept as far as a decimal
    /// can.</param>
    /// <returns>False for text that is not a number, and for a number that a decimal cannot hold
    /// exactly.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out decimal value)
    {
        if (!decimal.TryParse(utf8, Style, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }

        var isShort = utf8.Length <= Digits && !utf8.ContainsAny((byte)'e', (byte)'E');
        return isShort || Fits(utf8);
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, out decimal)"/>
    /// <param name="text">The digits; at most 256 of them.</param>
    /// <param name="value">The number; trailing zeros behind the point are kept as far as a decimal
    /// can.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out decimal value)
    {
        Span<byte> utf8 = stackalloc byte[LongestText];
        value = 0;
        return Encoding.UTF8.TryGetBytes(text, utf8, out var length) && TryParse(utf8[..length], out value);
    }

    /// <summary>
    /// Whether a well-formed number has at most 28 significant digits, and at most 28 after the point.
    /// </summary>
    private static bool Fits(ReadOnlySpan<byte> number)
    {
        var end = number.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = end < 0 ? number : number[..end];
        var first = mantissa.IndexOfAnyInRange((byte)'1', (byte)'9');
        if (first < 0)
        {
            return true;
        }

        var last = mantissa.LastIndexOfAnyInRange((byte)'1', (byte)'9');
        var point = mantissa.IndexOf((byte)'.');
        point = point < 0 ? mantissa.Length : point;
        var significant = last - first + (first < point && point < last ? 0 : 1);
        var behindPoint = last < point ? last + 1 - point : last - point;

        // The number was parsed, so an exponent that is too long for an int means zero.
        var exponent = 0;
        return (end < 0 || int.TryParse(number[(end + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            && significant <= Digits && behindPoint - (long)exponent <= Digits;
    }
}
