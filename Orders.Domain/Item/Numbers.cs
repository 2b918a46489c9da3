using Orders.Domain.Fields;

namespace Orders.Domain.Item;

/// <summary>DynamoDB's numbers: text of up to 38 digits, which may come with an exponent.</summary>
internal static class Numbers
{
    /// <summary>
    /// Reads a number without losing a digit; false when a decimal cannot hold all of them.
    /// </summary>
    public static bool TryDecimal(ReadOnlySpan<char> text, out decimal value) => ExactDecimal.TryParse(text, out value);

    /// <summary>The error for a number that <see cref="TryDecimal"/> rejects.</summary>
    public const string TooManyDigits = "has more digits than can be kept: a number has at most 28";

    /// <summary>The error for a number that <see cref="TryVersion"/> rejects.</summary>
    public static readonly string NoVersion = OrderFields.VersionRule.Problem(0)!;

    /// <summary>Reads a version.</summary>
    public static bool TryVersion(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        if (!TryDecimal(text, out var number) || OrderFields.VersionRule.Problem(number) is not null)
        {
            return false;
        }

        value = (long)number;
        return true;
    }
}
