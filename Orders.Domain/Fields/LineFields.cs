using Orders.Domain.Item;
using Orders.Domain.Rules;

namespace Orders.Domain.Fields;

/// <summary>The one declaration of a line, as <see cref="OrderFields"/> is an order's.</summary>
public static class LineFields
{
    /// <summary>The name of the line's number in its order.</summary>
    public const string OrderItemId = "order_item_id";

    /// <summary><c>product_id</c> of a line.</summary>
    public static FieldRule<TextRule> ProductIdRule { get; } = new(TextRule.AnyId, TextRule.PlainId);

    /// <summary><c>product_name</c> of a line.</summary>
    public static FieldRule<TextRule> ProductNameRule { get; } = new(TextRule.Any, TextRule.Name);

    /// <summary><c>quantity</c> of a line.</summary>
    public static FieldRule<NumberRule> QuantityRule { get; } = new(new() { Least = 1, Most = int.MaxValue, Digits = 0 }, new() { Least = 1, Most = 1_000_000, Digits = 0 });

    /// <summary>
    /// <c>unit_price</c> of a line: zero for a free one. In a request it has at most the currency's
    /// decimals.
    /// </summary>
    public static FieldRule<NumberRule> UnitPriceRule { get; } = new(new() { Most = OrderFields.MostMoney, Digits = OrderFields.MoneyDigits }, new() { Most = OrderFields.MostMoney });

    /// <summary><c>product_id</c></summary>
    public static Field<OrderLine, string> ProductId { get; } = new(
        new(OrderAttributes.ProductId, "S", true, $"{ProductIdRule.Item}", $"{ProductIdRule.Request}"), ColumnType.Text, line => line.ProductId)
    { IsInRequest = true };

    /// <summary><c>product_name</c></summary>
    public static Field<OrderLine, string> ProductName { get; } = new(
        new(OrderAttributes.ProductName, "S", true, $"{ProductNameRule.Item}", $"{ProductNameRule.Request}"), ColumnType.Text, line => line.ProductName)
    { IsInRequest = true };

    /// <summary><c>quantity</c></summary>
    public static Field<OrderLine, int> Quantity { get; } = new(
        new(OrderAttributes.Quantity, "N", true, $"{QuantityRule.Item}", $"{QuantityRule.Request}"), ColumnType.Integer, line => line.Quantity)
    { IsInRequest = true };

    /// <summary><c>unit_price</c></summary>
    public static Field<OrderLine, decimal> UnitPrice { get; } = new(
        new(OrderAttributes.UnitPrice, "N", true, $"{UnitPriceRule.Item}", $"{UnitPriceRule.Request}, with the digits of its currency"),
        ColumnType.Numeric,
        line => line.UnitPrice)
    {
        IsInRequest = true,
    };

    /// <summary>
    /// A line's fields that have a column in <c>order_items</c>, after <c>order_id</c> and
    /// <see cref="OrderItemId"/>, in the columns' order.
    /// </summary>
    public static IReadOnlyList<Field<OrderLine>> Columns { get; } = [ProductId, ProductName, Quantity, UnitPrice];

    /// <summary>The index of a field in <see cref="Columns"/>.</summary>
    /// <param name="field">One of them.</param>
    public static int IndexOf(Field<OrderLine> field) => Columns.Index().First(entry => entry.Item == field).Index;

    /// <summary>The attributes of a line in an item.</summary>
    public static IReadOnlyList<AttributeRule> Attributes { get; } = [.. Columns.Select(field => field.Rule)];
}
