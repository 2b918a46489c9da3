namespace Orders.Api.OpenApi;

/// <summary>One order in all formats of requests and responses.</summary>
internal static class WriteExamples
{
    /// <summary>An invalid field, with its message.</summary>
    public static readonly (string Field, string Message) Errors = ("amount", "must be more than 0");

    public const string Order =
        """
        {
          "merchant_id": "merchant-102",
          "customer_id": "customer-7",
          "currency": "INR",
          "items": [
            { "product_id": "tea-250", "product_name": "Assam tea, 250 g", "quantity": 2, "unit_price": 75.00 },
            { "product_id": "pot-1", "product_name": "Teapot", "quantity": 1, "unit_price": 50.00 }
          ],
          "amount": 200.00
        }
        """;

    public const string Orders = $"[{Order}]";

    public const string OrderLines =
        """
        {"merchant_id":"merchant-102","amount":200.00,"currency":"INR"}
        {"merchant_id":"merchant-102","amount":-1,"currency":"INR"}

        """;

    public const string Answer =
        """
        {
          "order_id": "019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071",
          "version": 1,
          "status": "placed",
          "amount": 200.00,
          "currency": "INR",
          "placed_at": "2026-01-31T09:30:00.000Z"
        }
        """;

    public const string AnswerLines =
        """
        {"index":0,"status":201,"order":{"order_id":"019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071","version":1,"status":"placed","amount":200.00,"currency":"INR","placed_at":"2026-01-31T09:30:00.000Z"}}
        {"index":1,"status":400,"errors":{"amount":["must be more than 0"]}}

        """;

    public const string Status = """{ "status": "paid" }""";

    public const string PaidAnswer =
        """
        {
          "order_id": "019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071",
          "version": 2,
          "status": "paid",
          "amount": 200.00,
          "currency": "INR",
          "placed_at": "2026-01-31T09:30:00.000Z"
        }
        """;
}
