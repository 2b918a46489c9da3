using Amazon.DynamoDBv2.Model;
using Orders.Domain;
using Orders.Domain.Item;

namespace Orders.Sync.Table;

/// <summary>An order's item in the table.</summary>
/// <param name="Order">The order; null when the item is not a valid order.</param>
/// <param name="Fault">Why the item is not a valid order; null when it is.</param>
internal sealed record TableOrder(Order? Order, string? Fault)
{
    public static TableOrder Read(Dictionary<string, AttributeValue> item) =>
        OrderItem.TryRead(item, out var order, out var fault) ? new(order, null) : new(null, fault.ToString());
}
