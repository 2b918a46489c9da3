using System.Globalization;
using System.Text;
using Orders.Domain;
using Orders.Domain.Fields;
using Orders.Domain.Item;
using Orders.Sync.Cache;
using Orders.Sync.Projection;

namespace Orders.Sync.Repair;

/// <summary>Compares an order in the table with the same order in another store. Pure.</summary>
internal static class OrderComparison
{
    /// <summary>The field name for the order as a whole.</summary>
    public const string Whole = "order";

    private const int LongestValue = 400;

    /// <summary>Compares with Postgres.</summary>
    /// <param name="truth">The order; null where the table has none.</param>
    /// <param name="stored">The row; null where Postgres has none.</param>
    public static IEnumerable<FieldDifference> Compare(Order? truth, StoredOrder? stored)
    {
        if (truth is null || stored is null)
        {
            return ReferenceEquals(truth, stored) ? [] : [new(Whole, truth is null ? null : $"version {truth.Version}", stored is null ? null : $"version {stored.Version}")];
        }

        return Fields(truth, stored).Concat(Lines(truth, stored)).Where(field => field.Expected != field.Found);
    }

    /// <summary>
    /// Compares with Redis. A missing entry is no difference, since the order is then read from Postgres.
    /// </summary>
    /// <param name="truth">The order; null where the table has none.</param>
    /// <param name="entry">The entry; null for none.</param>
    public static IEnumerable<FieldDifference> Compare(Order? truth, CachedEntry? entry)
    {
        if (entry is null || (truth is null && entry.Body is null))
        {
            return [];
        }

        if (truth is null || entry.Body is null)
        {
            return [new(Whole, truth is null ? null : $"version {truth.Version}", entry.Body is null ? $"a tombstone, version {entry.Version}" : $"version {entry.Version}")];
        }

        var body = OrderJson.Render(truth);
        FieldDifference?[] differences =
        [
            Number(truth.Version) == entry.Version ? null : new("version", Number(truth.Version), entry.Version),
            truth.MerchantId == entry.MerchantId ? null : new("merchant_id", truth.MerchantId, entry.MerchantId),
            body.AsSpan().SequenceEqual(entry.Body) ? null : new("body", Text(body), Text(entry.Body)),
        ];
        return differences.OfType<FieldDifference>();
    }

    private static IEnumerable<FieldDifference> Fields(Order truth, StoredOrder stored) =>
        OrderFields.Columns.Select((field, column) => Field(field, truth, stored.Columns[column])).Where(field => field.Field != OrderAttributes.OrderId);

    private static FieldDifference Field(Field<Order> field, Order truth, object? found) => (field.Value(truth), found) switch
    {
        (decimal expected, string number) => Money(field.Name, expected, number),
        (DateTimeOffset expected, DateTimeOffset time) => new(field.Name, Timestamp.Text(expected), Time(expected, time)),
        _ => new(field.Name, field.Text(truth), found is null ? null : Convert.ToString(found, CultureInfo.InvariantCulture)),
    };

    private static IEnumerable<FieldDifference> Lines(Order truth, StoredOrder stored)
    {
        var there = stored.Lines.ToDictionary(line => line.OrderItemId);
        foreach (var line in truth.Items)
        {
            var name = $"items[{line.OrderItemId}]";
            if (!there.Remove(line.OrderItemId, out var found))
            {
                yield return new(name, line.ProductId, null);
                continue;
            }

            yield return new($"{name}.product_id", line.ProductId, found.ProductId);
            yield return new($"{name}.product_name", line.ProductName, found.ProductName);
            yield return new($"{name}.quantity", Number(line.Quantity), Number(found.Quantity));
            yield return Money($"{name}.unit_price", line.UnitPrice, found.UnitPrice);
        }

        foreach (var surplus in there.Values)
        {
            yield return new($"items[{surplus.OrderItemId}]", null, surplus.ProductId);
        }
    }

    // 200 and 200.00 are the same amount.
    private static FieldDifference Money(string field, decimal expected, string found) =>
        new(field, expected.ToString(CultureInfo.InvariantCulture), ExactDecimal.TryParse(found, out var value) && value == expected ? expected.ToString(CultureInfo.InvariantCulture) : found);

    // Postgres stores microseconds, which our orders never have; they are shown if they are the difference.
    private static string Time(DateTimeOffset expected, DateTimeOffset found) =>
        found == expected ? Timestamp.Text(expected) : found.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        return text.Length <= LongestValue ? text : text[..LongestValue] + "…";
    }
}
