namespace Orders.Domain;

/// <summary>
/// One line of an order: a product, how many of it, and its price at the time of purchase.
/// </summary>
/// <param name="OrderItemId">The line's number in the order, from 1. With the order's id it identifies the
/// line.</param>
/// <param name="ProductId">The merchant's own id of the product.</param>
/// <param name="ProductName">The product's name at the time of purchase.</param>
/// <param name="Quantity">How many, at least 1.</param>
/// <param name="UnitPrice">The price of one, in the order's currency. A later change of the price does not
/// affect it.</param>
public sealed record OrderLine(int OrderItemId, string ProductId, string ProductName, int Quantity, decimal UnitPrice);
