namespace Orders.Query.Rows;

/// <summary>The rows are not a valid order, because they were edited by hand.</summary>
/// <param name="row">The part that could be read.</param>
internal sealed class SpoiltRowsException(OrderRow row) : Exception($"The order {row.Problem.Id} {row.Problem.Problem}")
{
    /// <summary>Whose order it is.</summary>
    public string MerchantId => row.MerchantId;
}
