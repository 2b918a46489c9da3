using System.Text.Json.Serialization;
using Orders.Query.Http;

namespace Orders.Query.Products;

/// <summary>Products by many ids.</summary>
/// <param name="Products">In the order asked.</param>
internal sealed record ProductList(IReadOnlyList<Product> Products)
{
    /// <summary>What is wrong with some of the ids; absent when nothing is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ListProblem>? Problems { get; init; }
}
