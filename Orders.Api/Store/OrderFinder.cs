using Amazon.DynamoDBv2.Model;
using Orders.Domain.Item;

namespace Orders.Api.Store;

/// <summary>Reads one order with a strongly consistent read.</summary>
internal sealed class OrderFinder(ItemReader items)
{
    private const string WayOut =
        "Whoever may write to the table puts the attribute right and raises version by one; or DELETE the order without If-Match, which only asks that its entity be 'order'.";

    private const string WayOutWithoutEntity =
        "Whoever may write to the table puts the item right, also its entity, which must be 'order', and raises version by one; or deletes the item there: DELETE here takes only what has that entity.";

    /// <summary>The order; null when there is none.</summary>
    /// <exception cref="StoreException">The store is unavailable or busy.</exception>
    /// <exception cref="BrokenItemException">The item has an order's key or claims to be an order, but is
    /// invalid.</exception>
    public async Task<MarkedOrder?> FindAsync(Guid orderId, CancellationToken cancellationToken) =>
        await items.FindAsync(OrderItem.Key(orderId), cancellationToken) is { } item ? Read(orderId, item) : null;

    /// <summary>Reads an order's item; null when it is not an order.</summary>
    public static MarkedOrder? Read(Guid orderId, Dictionary<string, AttributeValue> item)
    {
        if (OrderItem.TryRead(item, out var order, out var fault))
        {
            return new(order, WriteMarks.Of(item));
        }

        var wayOut = item.GetValueOrDefault(OrderAttributes.Entity)?.S is null ? WayOutWithoutEntity : WayOut;
        return fault.Kind == ItemFaultKind.OtherEntity ? null : throw new BrokenItemException(item, fault.Attribute, fault.Message, item.GetValueOrDefault(OrderAttributes.MerchantId)?.S, wayOut);
    }
}
