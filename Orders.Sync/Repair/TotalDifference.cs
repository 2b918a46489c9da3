using System.Globalization;
using Orders.Domain;

namespace Orders.Sync.Repair;

/// <summary>An hourly total that differs from the sum of its orders.</summary>
internal sealed record TotalDifference(string MerchantId, DateTimeOffset Hour, string Currency, long Orders, string Amount, long FoundOrders, string FoundAmount)
{
    public IEnumerable<Difference> Fields()
    {
        var key = $"{MerchantId} {Timestamp.Text(Hour)} {Currency}";
        if (Orders != FoundOrders)
        {
            yield return new("totals", key, "orders", Orders.ToString(CultureInfo.InvariantCulture), FoundOrders.ToString(CultureInfo.InvariantCulture));
        }

        if (Amount != FoundAmount)
        {
            yield return new("totals", key, "amount", Amount, FoundAmount);
        }
    }
}
