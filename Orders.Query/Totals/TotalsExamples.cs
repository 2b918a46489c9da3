namespace Orders.Query.Totals;

/// <summary>Totals, for OpenAPI: those of two orders of a customer.</summary>
internal static class TotalsExamples
{
    public const string Hourly =
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
}
