using Orders.Domain;
using Orders.Query.Http;

namespace Orders.Query.Rows;

/// <summary>An order as it is stored in the rows of the read model.</summary>
/// <param name="Place">Its position in a list.</param>
/// <param name="MerchantId">Whose it is.</param>
/// <param name="CustomerId">The customer; null when unknown.</param>
/// <param name="Order">Null when the rows are not a valid order; then they were edited by hand.</param>
internal sealed record OrderRow(Keyset Place, string MerchantId, string? CustomerId, Order? Order)
{
    /// <summary>The problem when there is no valid order.</summary>
    public ListProblem Problem => new($"{Place.OrderId}", "has rows in the read model that are not those of an order. The command reconcile --repair of Orders.Sync mends it.");
}
