namespace Orders.Query.Products;

/// <summary>A product, for OpenAPI.</summary>
internal static class ProductExamples
{
    public const string One =
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

    public const string Many = $$"""{ "products": [{{One}}] }""";
}
