namespace Orders.Query;

/// <summary>What the OpenAPI document shows: one story, of two orders of a customer.</summary>
internal static class ReadExamples
{
    public const string OrderId = "019c133d-5740-7c3e-9b1a-2f8e6d4c5b3a";

    public const string Cursor = "AcOrF3jAEnUmAAZInXQlEIABnBM9V0B8Ppsar45tTFs6bYbJ1mYxqB6PEz1cWk2E";

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

    public const string Orders = $$"""{ "orders": [{{Order}}], "next_cursor": "{{Cursor}}" }""";

    public const string ByCustomer =
        $$"""{ "customers": [{ "merchant_id": "merchant-102", "customer_id": "customer-7", "orders": [{{Order}}], "next_cursor": null }] }""";

    public const string History =
        $$"""
        {
          "order_id": "{{OrderId}}",
          "merchant_id": "merchant-102",
          "versions": [
            {
              "version": 2,
              "revision": 2,
              "change": "changed",
              "changed_at": "2026-01-31T09:31:00.000Z",
              "changes": [{ "field": "status", "from": "placed", "to": "paid" }],
              "order": {{Order}}
            }
          ],
          "next_after_version": null
        }
        """;

    public const string Customer =
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

    public const string Customers = $$"""{ "customers": [{{Customer}}] }""";

    public const string Product =
        """
        {
          "merchant_id": "merchant-102",
          "product_id": "tea-250",
          "product_name": "Assam tea, 250 g",
          "unit_price": 75.00,
          "currency": "INR",
          "as_of": "2026-01-31T09:30:00.000Z"
        }
        """;

    public const string Products = $$"""{ "products": [{{Product}}] }""";

    public const string Totals =
        """
        {
          "merchant_id": "merchant-102",
          "from": "2026-01-31T08:00:00.000Z",
          "to": "2026-01-31T10:00:00.000Z",
          "hours": [
            { "hour": "2026-01-31T08:00:00.000Z", "orders": 0, "amounts": [{ "currency": "INR", "orders": 0, "amount": 0.00 }] },
            { "hour": "2026-01-31T09:00:00.000Z", "orders": 2, "amounts": [{ "currency": "INR", "orders": 2, "amount": 400.00 }] }
          ]
        }
        """;

    public const string Status =
        """
        {
          "status": "ok",
          "lag_ms": 0,
          "last_change_at": "2026-01-31T09:31:00.000Z",
          "caught_up_at": "2026-01-31T09:31:02.000Z",
          "shards": { "open": 1, "owned": 1, "finished": 0, "records": 2 },
          "dead_letters": 0,
          "gaps": 0,
          "cache_repairs": 0,
          "doubts": 0,
          "passed_over": {},
          "engines": {
            "postgres": { "ok": true, "latency_ms": 0.9, "problem": null },
            "redis": { "ok": true, "latency_ms": 0.2, "problem": null }
          }
        }
        """;

    /// <summary>What each error means, and what one says.</summary>
    public static readonly IReadOnlyDictionary<int, (string Description, string Detail)> Errors = new Dictionary<int, (string, string)>
    {
        [StatusCodes.Status400BadRequest] = ("A parameter is wrong; errors names each one that is.", "One or more fields are not valid. See errors."),
        [StatusCodes.Status404NotFound] = ("It does not exist, or is another merchant's.", "There is nothing by that id."),
        [StatusCodes.Status409Conflict] = ("Its rows in Postgres are not those of an order: a hand has been there.", "The order has rows in the read model that are not those of an order."),
        [StatusCodes.Status503ServiceUnavailable] = ("The read model does not answer, or does not have what was waited for. See Retry-After.", "The read model does not answer."),
    };
}
