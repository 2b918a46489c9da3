using Orders.Domain;

namespace Orders.Query;

/// <summary>A page of orders, and how to ask for the next: <c>{"orders":[…],"next_cursor":"…"}</c>.</summary>
/// <param name="Orders">Newest first.</param>
/// <param name="NextCursor">To be sent back as it is; null on the last page.</param>
internal sealed record OrderPage(IReadOnlyList<Order> Orders, string? NextCursor);
