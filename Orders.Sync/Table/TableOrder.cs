using Amazon.DynamoDBv2.Model;
using Orders.Domain;
using Orders.Domain.Item;

namespace Orders.Sync.Table;

/// <summary>An order's item as the table has it.</summary>
/// <param name="Order">The order; null when the item is none.</param>
/// <param name="Fault">Why it is none; null when it is one.</param>
internal sealed record TableOrder(Order? Order, string? Fault)
{
    public static TableOrder Read(Dictionary<string, AttributeValue> item) =>
        OrderItem.TryRead(item, out var order, out var fault) ? new(order, null) : new(null, fault.ToString());
}
