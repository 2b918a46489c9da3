namespace Orders.Domain;

/// <summary>Ids of orders as texts, in requests and on command lines.</summary>
public static class OrderIds
{
    /// <summary>The description of an id, for a message.</summary>
    public const string Expected = "the id of an order: a UUID, 8-4-4-4-12 hexadecimal digits.";

    private const int Length = 36;

    /// <summary>
    /// Reads one: hexadecimal digits in groups of 8-4-4-4-12. The length is checked because the parser
    /// ignores spaces.
    /// </summary>
    public static bool TryRead(string text, out Guid orderId)
    {
        ArgumentNullException.ThrowIfNull(text);
        orderId = default;
        return text.Length == Length && Guid.TryParseExact(text, "D", out orderId);
    }
}
