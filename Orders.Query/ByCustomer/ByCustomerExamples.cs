using Orders.Query.Rows;

namespace Orders.Query.ByCustomer;

/// <summary>Orders of a customer, for OpenAPI.</summary>
internal static class ByCustomerExamples
{
    public const string Answer =
        $$"""{ "customers": [{ "merchant_id": "merchant-102", "customer_id": "customer-7", "orders": [{{OrderExamples.Order}}], "next_cursor": null }] }""";
}
