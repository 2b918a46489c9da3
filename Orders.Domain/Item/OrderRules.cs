using Orders.Domain.Rules;

namespace Orders.Domain.Item;

/// <summary>
/// The one table of rules: what each field of an order may hold. The reader of items and the reader of requests both go by it, and docs/items.md is printed from it. A
/// request is held to more than an item is: other writers and earlier times have written what no request may bring today, and it is to be read all the same.
/// </summary>
public static class OrderRules
{
    // Sums of a hundred million of the largest amounts still have no more digits than a decimal.
    private const decimal MostMoney = 999_999_999_999.9999m;
    private const int MoneyDigits = 8;

    /// <summary>Lines in a request. With the longest texts they are about 200 KB of an item's 400 KB.</summary>
    public const int RequestLines = 250;

    /// <summary><c>merchant_id</c>: who may see an order depends on it, so that it is as plain in an item as in a request.</summary>
    public static FieldRule<TextRule> MerchantId { get; } = new(TextRule.PlainId, TextRule.PlainId);

    /// <summary><c>customer_id</c></summary>
    public static FieldRule<TextRule> CustomerId { get; } = new(TextRule.AnyId, TextRule.PlainId);

    /// <summary><c>product_id</c> of a line.</summary>
    public static FieldRule<TextRule> ProductId { get; } = new(TextRule.AnyId, TextRule.PlainId);

    /// <summary><c>product_name</c> of a line.</summary>
    public static FieldRule<TextRule> ProductName { get; } = new(TextRule.Any, TextRule.Name);

    /// <summary><c>amount</c>. A request's has the digits of its currency.</summary>
    public static FieldRule<NumberRule> Amount { get; } = new(new() { IsMore = true, Most = MostMoney, Digits = MoneyDigits }, new() { IsMore = true, Most = MostMoney });

    /// <summary><c>unit_price</c> of a line: zero for one that is given away. A request's has the digits of its currency.</summary>
    public static FieldRule<NumberRule> UnitPrice { get; } = new(new() { Most = MostMoney, Digits = MoneyDigits }, new() { Most = MostMoney });

    /// <summary><c>quantity</c> of a line.</summary>
    public static FieldRule<NumberRule> Quantity { get; } = new(new() { Least = 1, Most = int.MaxValue, Digits = 0 }, new() { Least = 1, Most = 1_000_000, Digits = 0 });

    /// <summary>
    /// <c>version</c>. Between the last and the largest long there is room: a deletion counts as the version after the last, and in the history each change has a number that is
    /// higher than the one before, also where a writer lowers the version.
    /// </summary>
    public static NumberRule Version { get; } = new() { Least = 1, Most = 9_200_000_000_000_000_000, Digits = 0 };

    /// <summary>The attributes of an order's item.</summary>
    public static IReadOnlyList<AttributeRule> OfOrder { get; } =
    [
        new(OrderAttributes.Pk, "S", true, "`ORDER#` and the order's id in lower case", null),
        new(OrderAttributes.Sk, "S", true, "`ORDER`", null),
        new(OrderAttributes.Entity, "S", true, "`order`; an item of any other entity is passed over", null),
        new(OrderAttributes.OrderId, "S", true, "a UUID, `8-4-4-4-12` hexadecimal digits: the one in `pk`", null),
        new(OrderAttributes.MerchantId, "S", true, $"{MerchantId.Item}", $"{MerchantId.Request}"),
        new(OrderAttributes.CustomerId, "S", false, $"{CustomerId.Item}", $"{CustomerId.Request}"),
        new(OrderAttributes.Status, "S", true, $"one of {string.Join(", ", OrderStatuses.All.Select(status => $"`{status}`"))}", "an order begins as `placed`, and takes one step after the other"),
        new(OrderAttributes.Currency, "S", true, "an ISO 4217 code in capitals, of an active or a withdrawn currency", "of an active one"),
        new(OrderAttributes.Amount, "N", true, $"{Amount.Item}; it need not be what the lines add up to", $"{Amount.Request}, with the digits of its currency; what the lines add up to, where there are any"),
        new(OrderAttributes.Items, "L of M", false, "as many lines as the item's 400 KB hold", $"1 to {RequestLines} lines, or none and an amount"),
        new(OrderAttributes.PlacedAt, "S", true, TimeRule.Text, null),
        new(OrderAttributes.UpdatedAt, "S", true, "likewise", null),
        new(OrderAttributes.Version, "N", true, $"{Version}; another writer's need not be higher than the last", null),
        new(OrderAttributes.TraceParent, "S", false, "a W3C trace context; anything else is passed over", null),
    ];

    /// <summary>The attributes of each line.</summary>
    public static IReadOnlyList<AttributeRule> OfLine { get; } =
    [
        new(OrderAttributes.ProductId, "S", true, $"{ProductId.Item}", $"{ProductId.Request}"),
        new(OrderAttributes.ProductName, "S", true, $"{ProductName.Item}", $"{ProductName.Request}"),
        new(OrderAttributes.Quantity, "N", true, $"{Quantity.Item}", $"{Quantity.Request}"),
        new(OrderAttributes.UnitPrice, "N", true, $"{UnitPrice.Item}", $"{UnitPrice.Request}, with the digits of its currency"),
    ];
}
