using Orders.Domain;

namespace Orders.Bench.Apply;

/// <summary>Orders that look like those of a day: the same ones in every run.</summary>
/// <param name="lines">Lines in each order.</param>
internal sealed class OrderSource(int lines)
{
    private const int Merchants = 50;
    private const int Customers = 20_000;
    private const int Products = 2_000;
    private const int Seconds = 24 * 60 * 60;

    private static readonly DateTimeOffset Midnight = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Currencies = ["INR", "USD", "EUR"];

    private readonly Random _random = new(20260301);
    private int _placed;

    public int Next(int below) => _random.Next(below);

    /// <summary>Creates an order.</summary>
    /// <param name="of">The total number of orders, which are spread over a day.</param>
    public Order Place(int of)
    {
        var placedAt = Timestamp.Truncate(Midnight.AddSeconds((double)Seconds * _placed++ / of));
        _ = Currency.TryFind(Currencies[Next(Currencies.Length)], out var currency);
        OrderLine[] items = [.. Enumerable.Range(1, lines).Select(line => Line(line, currency!))];
        return new()
        {
            OrderId = Guid.CreateVersion7(placedAt),
            MerchantId = $"merchant-{Next(Merchants)}",
            CustomerId = $"customer-{Next(Customers)}",
            Status = OrderStatus.Placed,
            Currency = currency!,
            Amount = currency!.Scale(items.Sum(line => line.Quantity * line.UnitPrice)),
            Items = items,
            PlacedAt = placedAt,
            UpdatedAt = placedAt,
            Version = 1,
            TraceParent = $"00-{Guid.CreateVersion7(placedAt):N}-{Random16()}-01",
        };
    }

    // A Zipf distribution, typical of sales: the most popular product is bought twice as often as the
    // second, and three times as often as the third.
    private int Popular(int of) => (int)Math.Pow(of, _random.NextDouble()) - 1;

    private string Random16() => _random.NextInt64(long.MaxValue).ToString("x16");

    private OrderLine Line(int number, Currency currency)
    {
        var product = Popular(Products);
        return new(number, $"product-{product}", $"Product number {product}", 1 + Next(3), currency.Scale(5 + (product % 400) + 0.5m));
    }
}
