namespace Orders.Query.Customers;

/// <summary>A customer, for OpenAPI.</summary>
internal static class CustomerExamples
{
    public const string One =
        """
        {
          "merchant_id": "merchant-102",
          "customer_id": "customer-7",
          "first_order_at": "2026-01-30T09:30:00.000Z",
          "last_order_at": "2026-01-31T09:30:00.000Z",
          "orders": 3,
          "statuses": { "placed": 0, "paid": 2, "shipped": 0, "completed": 0, "cancelled": 1 },
          "amounts": [{ "currency": "INR", "orders": 2, "amount": 400.00 }],
          "capped": false
        }
        """;

    public const string Many = $$"""{ "customers": [{{One}}] }""";
}
