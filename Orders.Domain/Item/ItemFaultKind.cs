namespace Orders.Domain.Item;

/// <summary>What kind of thing an item is that cannot be read as an order.</summary>
public enum ItemFaultKind
{
    /// <summary>A good item of another entity, an idempotency key for one: to be passed over.</summary>
    OtherEntity,

    /// <summary>
    /// It says nothing of what it is, and has no order's key in it: to be passed over, unless it came under
    /// the key of an order.
    /// </summary>
    Unknown,

    /// <summary>
    /// It says that it is an order, or nothing at all, but an attribute is missing, of another type or out
    /// of range.
    /// </summary>
    Broken,
}
