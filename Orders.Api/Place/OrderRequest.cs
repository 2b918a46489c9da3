using Orders.Domain;

namespace Orders.Api.Place;

/// <summary>
/// What a client asks to be placed: valid, and with every amount written with its currency's digits.
/// </summary>
/// <param name="Order">The order but for its id and its times, which it gets when it is placed.</param>
internal sealed record OrderRequest(Order Order)
{
    public string MerchantId => Order.MerchantId;

    public Order Place(Guid orderId, DateTimeOffset now, string? traceParent)
    {
        var placedAt = Timestamp.Truncate(now);
        return Order with { OrderId = orderId, PlacedAt = placedAt, UpdatedAt = placedAt, TraceParent = traceParent };
    }
}
