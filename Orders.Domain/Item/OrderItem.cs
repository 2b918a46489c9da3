using System.Diagnostics.CodeAnalysis;
using Amazon.DynamoDBv2.Model;
using Orders.Domain.Fields;

namespace Orders.Domain.Item;

/// <summary>
/// Converts an order to its DynamoDB item and back. An order with its lines is ONE item, so that no reader
/// ever sees a part of it.
/// </summary>
public static class OrderItem
{
    /// <summary>The sort key of every order item.</summary>
    public const string SortKey = "ORDER";

    /// <summary>
    /// How deep the JSON of an item may nest: DynamoDB allows 32 levels, each of which is two levels of
    /// JSON.
    /// <see href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html"/>
    /// </summary>
    public const int JsonDepth = 80;

    /// <summary>The prefix of every order's partition key.</summary>
    public const string PartitionPrefix = "ORDER#";
    private const string KeyStart = $"{OrderAttributes.Pk}={PartitionPrefix}";
    private const string KeyEnd = $"|{OrderAttributes.Sk}={SortKey}";
    private const int GuidLength = 36;

    /// <summary>The partition key of an order.</summary>
    /// <param name="orderId">The order.</param>
    public static string PartitionKey(Guid orderId) => $"{PartitionPrefix}{orderId:D}";

    /// <summary>Reads a partition key.</summary>
    /// <param name="key">Any item's.</param>
    /// <param name="orderId">The order, if the key is exactly as <see cref="PartitionKey"/> writes it; else
    /// null.</param>
    /// <returns>Whether it has the prefix of an order's key.</returns>
    internal static bool TryReadPartitionKey(ReadOnlySpan<char> key, out Guid? orderId)
    {
        orderId = null;
        if (!key.StartsWith(PartitionPrefix))
        {
            return false;
        }

        Span<char> written = stackalloc char[GuidLength];
        var text = key[PartitionPrefix.Length..];
        if (Guid.TryParseExact(text, "D", out var read) && read.TryFormat(written, out _, "D") && text.SequenceEqual(written))
        {
            orderId = read;
        }

        return true;
    }

    /// <summary>Whether a record's key has the prefix of an order's key, whatever its images hold.</summary>
    /// <param name="itemKey">The key as one text, <c>pk=…|sk=…</c>.</param>
    public static bool IsKey(string itemKey) => itemKey.StartsWith(KeyStart, StringComparison.Ordinal) && itemKey.EndsWith(KeyEnd, StringComparison.Ordinal);

    /// <summary>Reads a record's key.</summary>
    /// <param name="itemKey">The key as one text, <c>pk=…|sk=…</c>.</param>
    /// <param name="orderId">The order whose key it is.</param>
    /// <returns>False unless it is exactly as <see cref="Key"/> writes it.</returns>
    public static bool TryReadKey(string itemKey, out Guid orderId)
    {
        var read = default(Guid?);
        var isKey = IsKey(itemKey) && TryReadPartitionKey(itemKey.AsSpan()[(KeyStart.Length - PartitionPrefix.Length)..^KeyEnd.Length], out read) && read is not null;
        orderId = read.GetValueOrDefault();
        return isKey;
    }

    /// <summary>The primary key of an order.</summary>
    /// <param name="orderId">The order.</param>
    public static Dictionary<string, AttributeValue> Key(Guid orderId) => new(StringComparer.Ordinal)
    {
        [OrderAttributes.Pk] = new() { S = PartitionKey(orderId) },
        [OrderAttributes.Sk] = new() { S = SortKey },
    };

    /// <summary>The whole item of an order.</summary>
    /// <param name="order">A valid order.</param>
    public static Dictionary<string, AttributeValue> From(Order order)
    {
        var item = Key(order.OrderId);
        item[OrderAttributes.Entity] = new() { S = OrderAttributes.OrderEntity };
        foreach (var field in OrderFields.Columns)
        {
            if (field.Attribute(order) is { } value)
            {
                item[field.Name] = value;
            }
        }

        item[OrderAttributes.Items] = new() { L = [.. order.Items.Select(Line)], IsLSet = true };
        if (order.TraceParent is not null)
        {
            item[OrderAttributes.TraceParent] = new() { S = order.TraceParent };
        }

        return item;
    }

    /// <summary>Reads an order from an item of the SDK.</summary>
    /// <param name="item">The item's attributes.</param>
    /// <param name="order">The order, when the item is one.</param>
    /// <param name="fault">The fault, when it is not an order.</param>
    public static bool TryRead(Dictionary<string, AttributeValue> item, [NotNullWhen(true)] out Order? order, [NotNullWhen(false)] out ItemFault? fault) =>
        AttributeMapReader.Read(item).TryFinish(out order, out fault);

    /// <summary>Reads an order from DynamoDB JSON, <c>{"pk":{"S":"ORDER#…"},…}</c>.</summary>
    /// <param name="item">One UTF-8 JSON object.</param>
    /// <param name="order">The order, when the item is one.</param>
    /// <param name="fault">The fault, when it is not an order.</param>
    public static bool TryRead(ReadOnlySpan<byte> item, [NotNullWhen(true)] out Order? order, [NotNullWhen(false)] out ItemFault? fault) =>
        DynamoJsonReader.Read(item).TryFinish(out order, out fault);

    private static AttributeValue Line(OrderLine line)
    {
        var map = new Dictionary<string, AttributeValue>(LineFields.Columns.Count, StringComparer.Ordinal);
        foreach (var field in LineFields.Columns)
        {
            map[field.Name] = field.Attribute(line)!;
        }

        return new() { M = map };
    }
}
