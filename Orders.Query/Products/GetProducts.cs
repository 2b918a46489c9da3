using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Query.Owned;
using Orders.Query.Reading;

namespace Orders.Query.Products;

/// <summary><c>GET /v1/products/{id}</c> and <c>GET /v1/products?ids=…</c></summary>
internal static class GetProducts
{
    public static Task<Results<Ok<Product>, ProblemHttpResult>> OneAsync(string id, HttpContext http, ReadModel readModel, ProductStore products) =>
        OwnedReads.OneAsync(http, readModel, OwnedTable.Products, id, products.FindAsync);

    public static Task<Results<Ok<ProductList>, ProblemHttpResult>> ManyAsync(HttpContext http, ReadModel readModel, ProductStore products) =>
        OwnedReads.ManyAsync(http, readModel, OwnedTable.Products, products.FindAsync, (found, problems) => new ProductList(found) { Problems = problems });
}
