using System.Globalization;
using Orders.Query.Http;
using Orders.Query.Lists;
using Orders.Query.Owned;

namespace Orders.Query.ByCustomer;

/// <summary>The request of <c>GET /v1/orders/by-customer</c>.</summary>
/// <param name="Asked">The customers.</param>
/// <param name="LimitEach">At most so many orders of each.</param>
/// <param name="Filter">The filter of their orders; without merchants and customers.</param>
internal sealed record ByCustomerRequest(AskedIds<OwnedId> Asked, int LimitEach, OrderFilter Filter)
{
    public const int MaxLimitEach = 50;
    public const int DefaultLimitEach = 10;

    /// <summary>
    /// The most orders of all customers together: as many as five pages of the largest size.
    /// </summary>
    public const int MaxOrders = 1_000;

    private static readonly string[] Parameters = [.. OwnedIds.ManyParameters, "limit_each", "status", "currency", "from", "to"];

    /// <summary>Reads the query string.</summary>
    /// <param name="query">Its parameters.</param>
    /// <param name="errors">What is wrong; the request may be used only if nothing is.</param>
    public static ByCustomerRequest Read(IQueryCollection query, out QueryErrors errors)
    {
        errors = new QueryErrors(query, Parameters);
        var asked = OwnedIds.Read(errors);
        var limitEach = errors.Number("limit_each", 1, MaxLimitEach, DefaultLimitEach);
        if (asked.Ids.Count * limitEach > MaxOrders)
        {
            errors.Add("limit_each", string.Create(
                CultureInfo.InvariantCulture, $"is more than {MaxOrders / asked.Ids.Count}: with {asked.Ids.Count} customers it would be over {MaxOrders} orders together."));
        }

        var filter = new OrderFilter { Status = errors.Status(), Currency = errors.Currency(), From = errors.Time("from"), To = errors.Time("to") };
        errors.CheckBounds(filter.From, filter.To);
        return new(asked, limitEach, filter);
    }
}
