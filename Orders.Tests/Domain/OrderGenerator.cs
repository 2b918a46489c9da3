using FsCheck;
using FsCheck.Fluent;
using Orders.Domain;
using Orders.Domain.Fields;
using Orders.Domain.Rules;

namespace Orders.Tests.Domain;

/// <summary>
/// Any valid order: every kind of currency, text of several scripts, with and without lines, customer and
/// trace.
/// </summary>
internal static class OrderGenerator
{
    private static readonly string[] Names = ["Tea", "Teapot, 2 l", "Crème brûlée", "茶", "☕ \"to go\"", "a\\b", "𝄞 score", "<b>&'", "  padded "];

    private static readonly Gen<Currency> Currencies = Gen.Elements("INR", "JPY", "KWD", "CLF", "EUR").Select(code =>
    {
        Currency.TryFind(code, out var currency);
        return currency!;
    });

    private static readonly Gen<string> Ids =
        from length in Gen.Elements(1, 2, 12, TextRule.PlainId.Longest)
        from text in Gen.Elements("abcXYZ019._:@-".ToCharArray()).ArrayOf(length)
        select new string(text);

    public static Gen<Order> Orders { get; } =
        from currency in Currencies
        from merchant in Ids
        from customer in Ids.OrNull()
        from lines in Lines(currency)
        from amount in Amounts(currency)
        from status in Gen.Elements(Enum.GetValues<OrderStatus>())
        from version in Gen.Elements(1L, 2L, 17L, (long)OrderFields.VersionRule.Most)
        from trace in Gen.Elements<string?>(null, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        from placed in Gen.Choose(0, int.MaxValue)
        from later in Gen.Choose(0, 100_000)
        let placedAt = DateTimeOffset.UnixEpoch.AddSeconds(placed).AddMilliseconds(placed % 1000)
        select new Order
        {
            OrderId = Guid.CreateVersion7(placedAt),
            MerchantId = merchant,
            CustomerId = customer,
            Status = status,
            Currency = currency,
            Amount = lines.Length > 0 && lines.Sum(line => line.Quantity * line.UnitPrice) is var sum && OrderFields.AmountRule.Request.Problem(sum) is null ? sum : amount,
            Items = lines,
            PlacedAt = placedAt,
            UpdatedAt = placedAt.AddMilliseconds(later),
            Version = version,
            TraceParent = trace,
        };

    /// <summary>
    /// Orders as a request may ask for them: new, and with an amount that is what the lines add up to.
    /// </summary>
    public static Gen<Order> NewOrders { get; } = Orders
        .Where(order => order.Items.Count == 0 || order.Items.Sum(line => line.Quantity * line.UnitPrice) == order.Amount)
        .Select(order => order with { Status = OrderStatus.Placed, Version = 1, UpdatedAt = order.PlacedAt });

    private static Gen<decimal> Amounts(Currency currency) =>
        from units in Gen.OneOf(Gen.Choose(1, 100_000), Gen.Choose(1, int.MaxValue))
        select new decimal(units, 0, 0, false, (byte)currency.Digits);

    private static Gen<OrderLine[]> Lines(Currency currency) =>
        from count in Gen.Frequency((3, Gen.Constant(0)), (5, Gen.Choose(1, 4)), (1, Gen.Choose(200, OrderFields.RequestLines)))
        from lines in Line(currency).ArrayOf(count)
        select lines.Select((line, i) => line with { OrderItemId = i + 1 }).ToArray();

    private static Gen<OrderLine> Line(Currency currency) =>
        from product in Ids
        from name in Gen.Elements(Names)
        from quantity in Gen.OneOf(Gen.Choose(1, 9), Gen.Constant((int)LineFields.QuantityRule.Request.Most))
        from price in Amounts(currency)
        from free in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new OrderLine(0, product, name, quantity, free ? currency.Scale(0) : price);
}
