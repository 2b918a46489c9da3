using System.Text.Json.Serialization;
using Orders.Domain;

namespace Orders.Query.Totals;

/// <summary>The answer of <c>GET /v1/totals/hourly</c>.</summary>
/// <param name="MerchantId">The merchant; null for all merchants that the caller may see, together.</param>
/// <param name="From">The beginning of the first hour.</param>
/// <param name="To">The end of the last hour.</param>
/// <param name="Hours">Every hour between, including empty ones.</param>
internal sealed record HourlyTotals(
    string? MerchantId,
    [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset From,
    [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset To,
    IReadOnlyList<HourTotal> Hours);
