using Orders.Query.Lists;
using Orders.Query.Owned;

namespace Orders.Query.ByCustomer;

/// <summary>The newest orders of many customers, in Postgres.</summary>
internal sealed class ByCustomerStore(ListStore lists)
{
    /// <summary>Reads them in one round trip. Customers without orders are absent.</summary>
    public async Task<IReadOnlyList<CustomerOrders>> ReadAsync(
        IReadOnlyList<OwnedId> customers, ByCustomerRequest request, CursorSeal seal, CancellationToken cancellationToken)
    {
        if (customers is [])
        {
            return [];
        }

        var orders = await lists.ReadAsync(ListSql.Of(customers, request.Filter, request.LimitEach + 1), cancellationToken);
        return
        [
            .. orders
                .GroupBy(order => new OwnedId(order.MerchantId, order.CustomerId!))
                .Select(group => new CustomerOrders(
                    group.Key,
                    ListStore.Cut([.. group], request.LimitEach, request.Filter with { Merchants = [group.Key.MerchantId!], CustomerId = group.Key.Id }, seal))),
        ];
    }
}
