
namespace Orders.Sync.Projection;

/// <summary>A line of an order as Postgres has it.</summary>
/// <param name="OrderItemId">Its number in the order.</param>
/// <param name="ProductId">The product.</param>
/// <param name="ProductName">The product's name.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">The number's text.</param>
internal sealed record StoredLine(int OrderItemId, string ProductId, string ProductName, int Quantity, string UnitPrice);
