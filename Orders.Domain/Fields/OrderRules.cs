using Orders.Domain.Rules;

namespace Orders.Domain.Fields;

/// <summary>
/// What each field of an order may hold. The reader of items and the reader of requests both go by it, and docs/items.md is printed from it. A request is held to
/// more than an item is: other writers and earlier times have written what no request may bring today, and it is to be read all the same.
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
}
