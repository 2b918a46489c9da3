using Orders.Query.Rows;

namespace Orders.Query.History;

/// <summary>The versions of an order, for OpenAPI.</summary>
internal static class HistoryExamples
{
    public const string Page =
        $$"""
        {
          "order_id": "{{OrderExamples.OrderId}}",
          "merchant_id": "merchant-102",
          "versions": [
            {
              "version": 2,
              "revision": 2,
              "change": "changed",
              "changed_at": "2026-01-31T09:31:00.000Z",
              "changes": [{ "field": "status", "from": "placed", "to": "paid" }],
              "order": {{OrderExamples.Order}}
            }
          ],
          "next_after_version": null
        }
        """;
}
