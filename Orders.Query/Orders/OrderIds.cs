namespace Orders.Query;

/// <summary>Ids of orders in a request.</summary>
internal static class OrderIds
{
    /// <summary>What one is, for a message.</summary>
    public const string Expected = "the id of an order: a UUID, 8-4-4-4-12 hexadecimal digits.";

    private const int Length = 36;

    /// <summary>Reads one: hexadecimal digits in groups of 8-4-4-4-12. The length is checked because the parser passes over spaces.</summary>
    public static bool TryRead(string text, out Guid orderId)
    {
        orderId = default;
        return text.Length == Length && Guid.TryParseExact(text, "D", out orderId);
    }

    /// <summary>Reads <c>ids=a,b,c</c> of <c>GET /v1/orders</c>, which takes no other parameter then.</summary>
    public static AskedIds<Guid> Read(IQueryCollection query, out QueryErrors errors)
    {
        errors = new QueryErrors(query, ListRequest.Parameters);
        foreach (var name in query.Keys.Where(name => name != IdList.Parameter))
        {
            errors.Add(name, $"does not go together with {IdList.Parameter}.");
        }

        return IdList.Read<Guid>(errors, TryRead, Expected);
    }
}
