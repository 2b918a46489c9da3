namespace Orders.Domain.Item;

/// <summary>The kinds of items that cannot be read as an order.</summary>
public enum ItemFaultKind
{
    /// <summary>A valid item of another entity, such as an idempotency key: skipped.</summary>
    OtherEntity,

    /// <summary>
    /// An item without an entity and without an order's key in it: skipped, unless it was stored under the
    /// key of an order.
    /// </summary>
    Unknown,

    /// <summary>
    /// An item that claims to be an order, or has no entity, but has an attribute that is missing, of
    /// another type or out of range.
    /// </summary>
    Broken,
}
