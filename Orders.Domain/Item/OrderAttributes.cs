namespace Orders.Domain.Item;

/// <summary>The names in the DynamoDB table: keys, attributes, entities.</summary>
public static class OrderAttributes
{
#pragma warning disable CS1591 // The names say it all.
    public const string Pk = "pk";
    public const string Sk = "sk";
    public const string Entity = "entity";
    public const string OrderId = "order_id";
    public const string MerchantId = "merchant_id";
    public const string CustomerId = "customer_id";
    public const string Status = "status";
    public const string Currency = "currency";
    public const string Amount = "amount";
    public const string Items = "items";
    public const string PlacedAt = "placed_at";
    public const string UpdatedAt = "updated_at";
    public const string Version = "version";
    public const string TraceParent = "traceparent";
    public const string WriteIds = "write_ids";
    public const string ProductId = "product_id";
    public const string ProductName = "product_name";
    public const string Quantity = "quantity";
    public const string UnitPrice = "unit_price";
    public const string RequestHash = "request_hash";
    public const string Answer = "answer";
    public const string ExpiresAt = "expires_at";

    public const string OrderEntity = "order";
    public const string IdempotencyEntity = "idempotency";
#pragma warning restore CS1591
}
