using Orders.Query.Http;
using Orders.Query.Rows;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.Lists;

/// <summary>The request of <c>GET /v1/orders</c>.</summary>
/// <param name="Filter">The filter, limited to what the caller may see.</param>
/// <param name="Limit">At most so many.</param>
/// <param name="After">The last order of the page before; null for the first page.</param>
internal sealed record ListRequest(OrderFilter Filter, int Limit, Keyset? After)
{
    public const int MaxLimit = 200;
    public const int DefaultLimit = 50;

    /// <summary>The parameters, spelled exactly.</summary>
    public static readonly IReadOnlyList<string> Parameters = ["merchant_id", "customer_id", "status", "currency", "from", "to", "limit", "cursor", IdList.Parameter];

    /// <summary>Reads the query string.</summary>
    /// <param name="query">Its parameters.</param>
    /// <param name="caller">Decides which merchants' orders are visible.</param>
    /// <param name="seal">Reads and verifies cursors.</param>
    /// <param name="errors">What is wrong; the request may be used only if nothing is.</param>
    public static ListRequest Read(IQueryCollection query, Caller caller, CursorSeal seal, out QueryErrors errors)
    {
        errors = new QueryErrors(query, Parameters);
        var filter = new OrderFilter
        {
            Merchants = VisibleMerchants.Of(errors.Id("merchant_id"), caller),
            CustomerId = errors.Id("customer_id"),
            Status = errors.Status(),
            Currency = errors.Currency(),
            From = errors.Time("from"),
            To = errors.Time("to"),
        };
        errors.CheckBounds(filter.From, filter.To);
        return new(filter, errors.Number("limit", 1, MaxLimit, DefaultLimit), Cursor(errors, filter, seal));
    }

    private static Keyset? Cursor(QueryErrors errors, OrderFilter filter, CursorSeal seal)
    {
        // A cursor can be verified only when the filters are known.
        if (!errors.None || errors.Text("cursor") is not { } text)
        {
            return null;
        }

        var fault = seal.Open(text, filter, out var after);
        if (fault is null)
        {
            return after;
        }

        errors.Add("cursor", fault);
        return null;
    }
}
