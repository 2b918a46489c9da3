namespace Orders.Warehouse.Reconciling;

/// <summary>What is compared of an order.</summary>
internal sealed record OrderState(Guid OrderId, long Version, string Status, string Currency, decimal Amount);
