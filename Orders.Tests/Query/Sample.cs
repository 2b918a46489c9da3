using Orders.Domain;
using Shouldly;

namespace Orders.Tests.Query;

/// <summary>Orders to read.</summary>
internal static class Sample
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);

    public static Order Order(
        string merchantId = "merchant-a", long version = 1, int lines = 2, string? customerId = "customer-1", OrderStatus status = OrderStatus.Placed,
        string currency = "INR", DateTimeOffset? placedAt = null)
    {
        Currency.TryFind(currency, out var known).ShouldBeTrue();
        return new()
        {
            OrderId = Guid.CreateVersion7(placedAt ?? Start),
            MerchantId = merchantId,
            CustomerId = customerId,
            Status = status,
            Currency = known,
            Amount = known.Scale(100 * Math.Max(lines, 1)),
            Items = [.. Enumerable.Range(1, lines).Select(number => new OrderLine(number, $"product-{number}", $"Tee \"N° {number}\"", number, known.Scale(12.5m)))],
            PlacedAt = placedAt ?? Start,
            UpdatedAt = (placedAt ?? Start).AddMilliseconds(version * 1234),
            Version = version,
        };
    }
}
