namespace Orders.Domain.Item;

/// <summary>
/// Texts that come again and again, merchants and products, as strings that are there already. Each text has
/// one place, where the last of those that share it stays: nothing grows, nothing is locked, and what a race
/// costs is a string made twice.
/// </summary>
internal static class TextPool
{
    private const int Places = 4096;

    // A long one is rare, and would be kept for long.
    private const int Longest = 64;

    private static readonly string?[] Texts = new string?[Places];

    /// <summary>The text as a string.</summary>
    public static string Get(ReadOnlySpan<char> text)
    {
        if (text.Length > Longest)
        {
            return text.ToString();
        }

        ref var place = ref Texts[string.GetHashCode(text, StringComparison.Ordinal) & (Places - 1)];
        var known = Volatile.Read(ref place);
        if (known is not null && text.SequenceEqual(known))
        {
            return known;
        }

        var made = text.ToString();
        Volatile.Write(ref place, made);
        return made;
    }
}
