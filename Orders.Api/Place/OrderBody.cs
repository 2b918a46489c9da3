namespace Orders.Api.Place;

/// <summary>An order to be placed. Describes the body for OpenAPI; what reads it is <see cref="OrderRequestReader"/>.</summary>
/// <param name="MerchantId">Who sells: up to 128 letters, digits and <c>. _ : @ -</c>.</param>
/// <param name="Currency">ISO 4217, for example INR.</param>
/// <param name="CustomerId">Who buys, when it is known.</param>
/// <param name="Amount">What the order costs. May be left out when there are items; with both they must agree.</param>
/// <param name="Items">1 to 250 lines. May be left out when there is an amount.</param>
internal sealed record OrderBody(string MerchantId, string Currency, string? CustomerId = null, decimal? Amount = null, IReadOnlyList<OrderBodyLine>? Items = null);

/// <summary>A line of an order.</summary>
/// <param name="ProductId">The merchant's own id of the product.</param>
/// <param name="ProductName">Its name today, up to 200 characters.</param>
/// <param name="Quantity">How many, 1 to 1000000.</param>
/// <param name="UnitPrice">The price of one in the order's currency.</param>
internal sealed record OrderBodyLine(string ProductId, string ProductName, int Quantity, decimal UnitPrice);
