using System.Text.Json.Serialization;
using Orders.Query.Http;

namespace Orders.Query.Customers;

/// <summary>Customers by many ids.</summary>
/// <param name="Customers">In the order asked.</param>
internal sealed record CustomerList(IReadOnlyList<Customer> Customers)
{
    /// <summary>What is wrong with some of the ids; absent when nothing is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ListProblem>? Problems { get; init; }
}
