using Orders.Domain;

namespace Orders.Api.Place;

/// <summary>A valid request to place an order, with every amount in its currency's decimals.</summary>
/// <param name="Order">The order, without its id and times, which are set when it is placed.</param>
internal sealed record OrderRequest(Order Order)
{
    public string MerchantId => Order.MerchantId;

    public Order Place(Guid orderId, DateTimeOffset now, string? traceParent)
    {
        var placedAt = Timestamp.Truncate(now);
        return Order with { OrderId = orderId, PlacedAt = placedAt, UpdatedAt = placedAt, TraceParent = traceParent };
    }
}
