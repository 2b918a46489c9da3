namespace Orders.Query.Rows;

/// <summary>The example order that all routes show in OpenAPI.</summary>
internal static class OrderExamples
{
    public const string OrderId = "019c133d-5740-7c3e-9b1a-2f8e6d4c5b3a";

    public const string Order =
        """
        {
          "order_id": "019c133d-5740-7c3e-9b1a-2f8e6d4c5b3a",
          "merchant_id": "merchant-102",
          "customer_id": "customer-7",
          "status": "paid",
          "currency": "INR",
          "amount": 200.00,
          "items": [
            { "order_item_id": 1, "product_id": "tea-250", "product_name": "Assam tea, 250 g", "quantity": 2, "unit_price": 75.00 },
            { "order_item_id": 2, "product_id": "pot-1", "product_name": "Teapot", "quantity": 1, "unit_price": 50.00 }
          ],
          "placed_at": "2026-01-31T09:30:00.000Z",
          "updated_at": "2026-01-31T09:31:00.000Z",
          "version": 2
        }
        """;
}
