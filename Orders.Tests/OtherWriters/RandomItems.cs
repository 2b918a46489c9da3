using System.Globalization;
using Amazon.DynamoDBv2.Model;
using Orders.Domain.Item;

namespace Orders.Tests.OtherWriters;

/// <summary>
/// Items as anybody may put them: orders in which any attributes are of other types, ranges, forms, depths
/// and lengths. A seed gives the same ones again.
/// </summary>
internal sealed class RandomItems(int seed)
{
    private static readonly string[] Texts =
    [
        "", " ", "a", "merchant-1", "jane+shop@example.com", "a/b", "../..", "a?b#c%d&e=f", "100%", "名前", "𝄞", "Ünïcödé", "a b", "a,b", "\t", "a\nb", "a\0b", "'; DROP TABLE orders; --",
        "*", "ORDER#", "null", "true", new('x', 128), new('x', 129), new('€', 1_000),
    ];

    private static readonly string[] Numbers =
    [
        "0", "1", "-1", "-500", "-0.01", "0.01", "0.1", "200", "2E+2", "1E-8", "1E-9", "1E100", "-1E-100", "33.33333333333333333333333333", "1.0000000000000000000000000000000000001", "999999999999.9999", "1000000000000", "2147483647", "2147483648",
        "9007199254740993", "1769851800123456789", "9200000000000000000", "9223372036854775806", "9223372036854775807", "9223372036854775808", "1.5", "9.9999999999999999999999999999999999999E+125",
    ];

    private static readonly string[] Times =
    [
        "2026-01-31T09:30:00.000Z", "2026-01-31T09:30:00.1234567Z", "2026-01-31T09:30:00.123456789Z", "2026-01-31 09:30:00+05:30", "2016-12-31T23:59:60Z", "1999-06-30T00:00:00Z", "2999-12-31T23:59:59.999Z",
        "03/04/2026", "10:30", "2026-01-31", "2026-01-31T09:30:00", "1769851800", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "yesterday",
    ];

    private static readonly string[] Currencies = ["INR", "JPY", "KWD", "CLF", "BGN", "HRK", "DEM", "ITL", "XXX", "eur", "EURO"];

    private static readonly string[] Names =
    [
        OrderAttributes.Sk, OrderAttributes.Entity, OrderAttributes.OrderId, OrderAttributes.MerchantId, OrderAttributes.CustomerId, OrderAttributes.CustomerId, OrderAttributes.Status, OrderAttributes.Currency,
        OrderAttributes.Currency, OrderAttributes.Amount, OrderAttributes.Amount, OrderAttributes.Items, OrderAttributes.Items, OrderAttributes.PlacedAt, OrderAttributes.UpdatedAt, OrderAttributes.Version,
        OrderAttributes.Version, OrderAttributes.TraceParent, OrderAttributes.WriteIds, "unknown", "deep",
    ];

    private static readonly string[] LineNames = [OrderAttributes.ProductId, OrderAttributes.ProductName, OrderAttributes.Quantity, OrderAttributes.UnitPrice, "unknown"];

    private readonly Random _random = new(seed);

    /// <summary>
    /// The next: a good order with up to three attributes spoilt, or replaced by others that are as good.
    /// </summary>
    public Dictionary<string, AttributeValue> Next(Guid orderId)
    {
        var item = OrderItem.Key(orderId);
        item[OrderAttributes.Entity] = new() { S = OrderAttributes.OrderEntity };
        item[OrderAttributes.OrderId] = new() { S = $"{orderId}" };
        item[OrderAttributes.MerchantId] = new() { S = $"merchant-{_random.Next(3)}" };
        item[OrderAttributes.Status] = new() { S = OneOf("placed", "paid", "cancelled") };
        item[OrderAttributes.Currency] = new() { S = "INR" };
        item[OrderAttributes.Amount] = Number($"{_random.Next(1, 1_000_000)}.{_random.Next(100):00}");
        item[OrderAttributes.PlacedAt] = new() { S = $"2026-03-01T{_random.Next(24):00}:30:00.000Z" };
        item[OrderAttributes.UpdatedAt] = new() { S = "2026-03-02T00:00:00.000Z" };
        item[OrderAttributes.Version] = Number($"{_random.Next(1, 5)}");
        if (_random.Next(2) == 0)
        {
            item[OrderAttributes.Items] = Lines(_random.Next(1, 4));
        }

        if (_random.Next(2) == 0)
        {
            item[OrderAttributes.CustomerId] = new() { S = $"customer-{_random.Next(5)}" };
        }

        for (var spoilt = _random.Next(4); spoilt > 0; spoilt--)
        {
            Spoil(item, OneOf(Names));
        }

        return item;
    }

    /// <summary>Whether something happens, so many times of a hundred.</summary>
    public bool Chance(int percent) => _random.Next(100) < percent;

    private void Spoil(Dictionary<string, AttributeValue> item, string name)
    {
        if (name == OrderAttributes.Sk)
        {
            // Another key is another item: it is put beside this one.
            item[name] = new() { S = OneOf("ORDER", "ORDER", "order", "NOTE#1") };
        }
        else if (_random.Next(8) == 0)
        {
            item.Remove(name);
        }
        else
        {
            item[name] = _random.Next(4) == 0 ? AnyType(name == "deep" ? 28 : 3) : Typical(name);
        }
    }

    private AttributeValue Typical(string name) => name switch
    {
        OrderAttributes.Amount or OrderAttributes.Version => Number(OneOf(Numbers)),
        OrderAttributes.PlacedAt or OrderAttributes.UpdatedAt => new() { S = OneOf(Times) },
        OrderAttributes.Currency => new() { S = OneOf(Currencies) },
        OrderAttributes.Status => new() { S = OneOf("placed", "shipped", "completed", "Paid", "lost") },
        OrderAttributes.Items => Lines(OneOf(0, 1, 300)),
        OrderAttributes.Entity => new() { S = OneOf("order", "order", "Order", "invoice") },
        OrderAttributes.OrderId => new() { S = OneOf($"{Guid.CreateVersion7()}", "17", "") },
        "deep" => AnyType(28),
        _ => new() { S = OneOf(Texts) },
    };

    private AttributeValue Lines(int count) => new() { L = [.. Enumerable.Range(0, count).Select(_ => Line())], IsLSet = true };

    private AttributeValue Line()
    {
        if (_random.Next(100) == 0)
        {
            return AnyType(2);
        }

        var line = new Dictionary<string, AttributeValue>(StringComparer.Ordinal)
        {
            [OrderAttributes.ProductId] = new() { S = $"product-{_random.Next(5)}" },
            [OrderAttributes.ProductName] = new() { S = "Tea" },
            [OrderAttributes.Quantity] = Number($"{_random.Next(1, 9)}"),
            [OrderAttributes.UnitPrice] = Number($"{_random.Next(100)}"),
        };
        if (_random.Next(40) == 0)
        {
            var name = OneOf(LineNames);
            line[name] = _random.Next(3) == 0 ? AnyType(2) : name is OrderAttributes.Quantity or OrderAttributes.UnitPrice ? Number(OneOf(Numbers)) : new() { S = OneOf(Texts) };
        }

        return new() { M = line };
    }

    private AttributeValue AnyType(int depth) => (depth == 0 ? 0 : _random.Next(9)) switch
    {
        0 => new() { S = OneOf(Texts) },
        1 => Number(OneOf(Numbers)),
        2 => new() { BOOL = _random.Next(2) == 0 },
        3 => new() { NULL = true },
        4 => new() { B = new MemoryStream([1, 2, 3]) },
        5 => new() { SS = ["a", "b"] },
        6 => new() { NS = ["1", "2.5"] },
        7 => new() { L = [AnyType(depth - 1)], IsLSet = true },
        _ => new() { M = new(StringComparer.Ordinal) { ["in"] = AnyType(depth - 1) }, IsMSet = true },
    };

    private static AttributeValue Number(string digits) => new() { N = string.Create(CultureInfo.InvariantCulture, $"{digits}") };

    private T OneOf<T>(params T[] choices) => choices[_random.Next(choices.Length)];
}
