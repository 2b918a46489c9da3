using Orders.Domain;

namespace Orders.Tests.Sync;

/// <summary>Orders to test with.</summary>
internal static class SampleOrders
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static Order Placed(decimal amount = 200m, string merchant = "merchant-102", string currency = "INR", DateTimeOffset? at = null, int lines = 0, string? customer = null)
    {
        Currency.TryFind(currency, out var found);
        var placedAt = Timestamp.Truncate(at ?? Noon);
        return new Order
        {
            OrderId = Guid.CreateVersion7(placedAt),
            MerchantId = merchant,
            CustomerId = customer,
            Status = OrderStatus.Placed,
            Currency = found!,
            Amount = found!.Scale(amount),
            Items = [.. Enumerable.Range(1, lines).Select(i => new OrderLine(i, $"product-{i}", $"Product {i}", i, found.Scale(i)))],
            PlacedAt = placedAt,
            UpdatedAt = placedAt,
            Version = 1,
        };
    }

    public static Order Next(this Order order, OrderStatus status) =>
        order with { Status = status, Version = order.Version + 1, UpdatedAt = order.UpdatedAt.AddMinutes(1) };
}
