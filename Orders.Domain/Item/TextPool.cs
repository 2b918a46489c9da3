namespace Orders.Domain.Item;

/// <summary>
/// Interns texts that repeat, such as merchants and products. The table has a fixed size, and each text has
/// one slot, which keeps the last text that hashed to it. There are no locks; a race only creates a string
/// twice.
/// </summary>
internal static class TextPool
{
    private const int Places = 4096;

    // Long texts are rare and would hold memory for long.
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
