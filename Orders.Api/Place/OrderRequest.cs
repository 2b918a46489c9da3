using Orders.Domain;

namespace Orders.Api.Place;

/// <summary>What a client asks to be placed: valid, and with every amount written with its currency's digits.</summary>
internal sealed record OrderRequest(string MerchantId, string? CustomerId, Currency Currency, decimal Amount, IReadOnlyList<OrderLine> Items)
{
    public Order Place(Guid orderId, DateTimeOffset now, string? traceParent)
    {
        var placedAt = Timestamp.Truncate(now);
        return new Order
        {
            OrderId = orderId,
            MerchantId = MerchantId,
            CustomerId = CustomerId,
            Status = OrderStatus.Placed,
            Currency = Currency,
            Amount = Amount,
            Items = Items,
            PlacedAt = placedAt,
            UpdatedAt = placedAt,
            Version = 1,
            TraceParent = traceParent,
        };
    }
}
