using Orders.Domain;
using Orders.Query.Http;

namespace Orders.Query.Rows;

/// <summary>An order as the read model's rows have it.</summary>
/// <param name="Place">Its place in a list.</param>
/// <param name="MerchantId">Whose it is.</param>
/// <param name="CustomerId">Who bought, when it is known.</param>
/// <param name="Order">Null where a row holds what no order has: a hand has been there.</param>
internal sealed record OrderRow(Keyset Place, string MerchantId, string? CustomerId, Order? Order)
{
    /// <summary>What is wrong where there is no order.</summary>
    public ListProblem Problem => new($"{Place.OrderId}", "has rows in the read model that are not those of an order. The command reconcile --repair of Orders.Sync mends it.");
}
