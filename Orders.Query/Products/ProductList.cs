namespace Orders.Query;

/// <summary>Products by many ids.</summary>
/// <param name="Products">In the order asked.</param>
internal sealed record ProductList(IReadOnlyList<Product> Products);
