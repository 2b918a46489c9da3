namespace Orders.Api.Place;

/// <summary>The header <c>Idempotency-Key</c>.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const string Rule = "must be given once, with 1 to 255 visible ASCII characters";

    private const int Longest = 255;

    /// <summary>Reads the key; null when there is none.</summary>
    /// <returns>False when the key breaks <see cref="Rule"/>.</returns>
    public static bool TryRead(IHeaderDictionary headers, out string? key)
    {
        key = null;
        if (!headers.TryGetValue(Header, out var values))
        {
            return true;
        }

        if (values is not [{ Length: > 0 and <= Longest } only] || only.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return false;
        }

        key = only;
        return true;
    }

    /// <summary>
    /// The key of one order of a batch. A client that repeats only this order sends this key.
    /// </summary>
    public static string OfLine(string batchKey, int index) => $"{batchKey}#{index}";
}
