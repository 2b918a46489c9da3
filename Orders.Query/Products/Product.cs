using System.Text.Json.Serialization;
using Orders.Domain;
using Orders.Query.Totals;

namespace Orders.Query.Products;

/// <summary>A product of a merchant, as in the newest order that has it.</summary>
/// <param name="MerchantId">The merchant.</param>
/// <param name="ProductId">The merchant's own id of it.</param>
/// <param name="ProductName">Its name in that order.</param>
/// <param name="UnitPrice">Its price in that order; null when that is not a number.</param>
/// <param name="Currency">The price's currency.</param>
/// <param name="AsOf">When that order was placed.</param>
internal sealed record Product(
    string MerchantId,
    string ProductId,
    string ProductName,
    ExactNumber? UnitPrice,
    string Currency,
    [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset AsOf);
