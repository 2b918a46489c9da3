using Orders.Domain.Item;
using Orders.Domain.Rules;

namespace Orders.Domain.Fields;

/// <summary>
/// The one declaration of an order. The item's reader and writer, COPY, upsert, select and comparison in
/// Postgres, the hash of a request, the schema of the API and the check of GraphQL's schema all take their
/// lists from it, and docs/items.md is printed from it. The rules validate items and requests. The rules of
/// requests are stricter: other writers and older versions have written values that no request may have
/// today, and these must still be readable.
/// </summary>
public static class OrderFields
{
    /// <summary>
    /// Lines in a request. With the longest texts they take about 200 KB; DynamoDB allows 400 KB for an
    /// item.
    /// </summary>
    public const int RequestLines = 250;

    // The sum of a hundred million of the largest amounts still fits a decimal.
    internal const decimal MostMoney = 999_999_999_999.9999m;
    internal const int MoneyDigits = 8;

    /// <summary>
    /// <c>merchant_id</c>: it decides who may see the order, so items and requests have the same strict
    /// rule.
    /// </summary>
    public static FieldRule<TextRule> MerchantIdRule { get; } = new(TextRule.PlainId, TextRule.PlainId);

    /// <summary><c>customer_id</c></summary>
    public static FieldRule<TextRule> CustomerIdRule { get; } = new(TextRule.AnyId, TextRule.PlainId);

    /// <summary><c>amount</c>. In a request it has at most the currency's decimals.</summary>
    public static FieldRule<NumberRule> AmountRule { get; } = new(new() { IsMore = true, Most = MostMoney, Digits = MoneyDigits }, new() { IsMore = true, Most = MostMoney });

    /// <summary>
    /// <c>version</c>. The largest version is below the largest long, to leave room: a deletion counts as
    /// the version after the last, and the history numbers every change higher than the one before, even if
    /// a writer lowers the version.
    /// </summary>
    public static NumberRule VersionRule { get; } = new() { Least = 1, Most = 9_200_000_000_000_000_000, Digits = 0 };

    /// <summary><c>order_id</c>, the key.</summary>
    public static Field<Order, Guid> OrderId { get; } = new(
        new(OrderAttributes.OrderId, "S", true, "a UUID, `8-4-4-4-12` hexadecimal digits: the one in `pk`", null),
        ColumnType.Uuid,
        order => order.OrderId);

    /// <summary><c>merchant_id</c></summary>
    public static Field<Order, string> MerchantId { get; } = new(
        new(OrderAttributes.MerchantId, "S", true, $"{MerchantIdRule.Item}", $"{MerchantIdRule.Request}"), ColumnType.Text, order => order.MerchantId)
    {
        IsInRequest = true,
    };

    /// <summary><c>customer_id</c></summary>
    public static Field<Order, string?> CustomerId { get; } = new(
        new(OrderAttributes.CustomerId, "S", false, $"{CustomerIdRule.Item}", $"{CustomerIdRule.Request}"), ColumnType.Text, order => order.CustomerId)
    {
        IsInRequest = true,
    };

    /// <summary><c>status</c></summary>
    public static Field<Order, string> Status { get; } = new(
        new(
            OrderAttributes.Status,
            "S",
            true,
            $"one of {string.Join(", ", OrderStatuses.All.Select(status => $"`{status}`"))}",
            "an order begins as `placed`, and takes one step after the other"),
        ColumnType.Text,
        order => order.Status.Name());

    /// <summary><c>currency</c></summary>
    public static Field<Order, string> Currency { get; } = new(
        new(OrderAttributes.Currency, "S", true, "an ISO 4217 code in capitals, of an active or a withdrawn currency", "of an active one"), ColumnType.Text, order => order.Currency.Code)
    {
        IsInRequest = true,
    };

    /// <summary><c>amount</c></summary>
    public static Field<Order, decimal> Amount { get; } = new(
        new(
            OrderAttributes.Amount,
            "N",
            true,
            $"{AmountRule.Item}; it need not be what the lines add up to",
            $"{AmountRule.Request}, with the digits of its currency; what the lines add up to, where there are any"),
        ColumnType.Numeric,
        order => order.Amount)
    {
        IsInRequest = true,
    };

    /// <summary><c>placed_at</c></summary>
    public static Field<Order, DateTimeOffset> PlacedAt { get; } =
        new(new(OrderAttributes.PlacedAt, "S", true, TimeRule.Text, null), ColumnType.TimestampTz, order => order.PlacedAt);

    /// <summary><c>updated_at</c></summary>
    public static Field<Order, DateTimeOffset> UpdatedAt { get; } =
        new(new(OrderAttributes.UpdatedAt, "S", true, "likewise", null), ColumnType.TimestampTz, order => order.UpdatedAt);

    /// <summary><c>version</c></summary>
    public static Field<Order, long> Version { get; } = new(
        new(OrderAttributes.Version, "N", true, $"{VersionRule}; another writer's need not be higher than the last", null), ColumnType.Bigint, order => order.Version);

    /// <summary>An order's fields that have a column in <c>orders</c>, in the columns' order.</summary>
    public static IReadOnlyList<Field<Order>> Columns { get; } = [OrderId, MerchantId, CustomerId, Status, Currency, Amount, PlacedAt, UpdatedAt, Version];

    /// <summary>The lines.</summary>
    public static AttributeRule Items { get; } =
        new(OrderAttributes.Items, "L of M", false, "as many lines as the item's 400 KB hold", $"1 to {RequestLines} lines, or none and an amount");

    /// <summary>The attributes of an order's item.</summary>
    public static IReadOnlyList<AttributeRule> Attributes { get; } =
    [
        new(OrderAttributes.Pk, "S", true, "`ORDER#` and the order's id in lower case", null),
        new(OrderAttributes.Sk, "S", true, "`ORDER`", null),
        new(OrderAttributes.Entity, "S", true, "`order`; an item of any other entity is passed over", null),
        .. Columns.Select(field => field.Rule),
        Items,
        new(OrderAttributes.TraceParent, "S", false, "a W3C trace context; anything else is passed over", null),
    ];

    /// <summary>The index of a field in <see cref="Columns"/>.</summary>
    /// <param name="field">One of them.</param>
    public static int IndexOf(Field<Order> field) => Columns.Index().First(entry => entry.Item == field).Index;
}
