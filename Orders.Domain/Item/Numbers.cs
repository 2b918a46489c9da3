namespace Orders.Domain.Item;

/// <summary>DynamoDB's numbers: text of up to 38 digits, which may come with an exponent.</summary>
internal static class Numbers
{
    /// <summary>Reads a number without losing a digit; false where a decimal could not hold all of them.</summary>
    public static bool TryDecimal(ReadOnlySpan<char> text, out decimal value) => ExactDecimal.TryParse(text, out value);

    /// <summary>Reads a version. The largest long is none: a deletion counts as the version after it.</summary>
    public static bool TryVersion(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        if (!TryDecimal(text, out var number) || number < 1 || number >= long.MaxValue || decimal.Truncate(number) != number)
        {
            return false;
        }

        value = (long)number;
        return true;
    }
}
