using Orders.Domain;

namespace Orders.Sync.Snapshots;

/// <summary>An order as Postgres has it, as it stands there: a hand may have put anything into it that the columns take.</summary>
internal sealed record StoredOrder
{
    public required Guid OrderId { get; init; }

    public required string MerchantId { get; init; }

    public string? CustomerId { get; init; }

    public required string Status { get; init; }

    public required string Currency { get; init; }

    /// <summary>The number's text: Postgres has larger ones than a decimal.</summary>
    public required string Amount { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required long Version { get; init; }

    /// <summary>The lines by their place, from 1.</summary>
    public required IReadOnlyList<StoredLine> Lines { get; init; }

    /// <summary>The order for the record of its removal: as it stands there, or as near as an order can be to a row that a hand has spoilt.</summary>
    public Order ToOrder()
    {
        var currency = Domain.Currency.TryFind(Currency, out var known) ? known : Domain.Currency.TryFind("USD", out var any) ? any : throw new InvalidOperationException("USD is a currency");
        return new Order
        {
            OrderId = OrderId,
            MerchantId = MerchantId,
            CustomerId = CustomerId,
            Status = OrderStatuses.TryFind(Status, out var status) ? status : OrderStatus.Placed,
            Currency = currency,
            Amount = currency.Scale(Number(Amount)),
            Items = [.. Lines.Select(line => new OrderLine(line.OrderItemId, line.ProductId, line.ProductName, line.Quantity, currency.Scale(Number(line.UnitPrice))))],
            PlacedAt = PlacedAt,
            UpdatedAt = UpdatedAt,
            Version = Version,
        };
    }

    private static decimal Number(string text) => ExactDecimal.TryParse(text, out var value) ? value : 0;
}
