using DynamoStreams.Postgres;
using Orders.Domain.Item;

namespace Orders.Sync.Projection;

/// <summary>The key of an order's item as one text, by which dead letters are found.</summary>
internal static class OrderItemKey
{
    /// <summary>Makes it.</summary>
    /// <param name="orderId">The order's id as the item's key has it.</param>
    public static string Of(string orderId) => ItemKey.Of((OrderAttributes.Pk, OrderItem.PartitionPrefix + orderId), (OrderAttributes.Sk, OrderItem.SortKey));
}
