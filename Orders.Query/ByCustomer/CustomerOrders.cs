using Orders.Query.Lists;
using Orders.Query.Owned;

namespace Orders.Query.ByCustomer;

/// <summary>A customer's newest orders.</summary>
/// <param name="Customer">The customer; without a merchant when there is no such customer.</param>
/// <param name="Page">The orders, and the cursor that continues in the list of that customer's
/// orders.</param>
internal sealed record CustomerOrders(OwnedId Customer, OrderPage Page);
