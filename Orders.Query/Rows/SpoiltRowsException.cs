namespace Orders.Query.Rows;

/// <summary>The rows of an order hold what no order has: a hand has been there.</summary>
/// <param name="row">What could be read of them.</param>
internal sealed class SpoiltRowsException(OrderRow row) : Exception($"The order {row.Problem.Id} {row.Problem.Problem}")
{
    /// <summary>Whose order it is.</summary>
    public string MerchantId => row.MerchantId;
}
