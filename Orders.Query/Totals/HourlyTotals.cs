using System.Text.Json.Serialization;
using Orders.Domain;

namespace Orders.Query.Totals;

/// <summary>The answer of <c>GET /v1/totals/hourly</c>.</summary>
/// <param name="MerchantId">Whose orders; null for those of every merchant that the caller may see,
/// together.</param>
/// <param name="From">Where the first hour begins.</param>
/// <param name="To">Where the last hour ends.</param>
/// <param name="Hours">Every hour between, also the empty ones.</param>
internal sealed record HourlyTotals(
    string? MerchantId,
    [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset From,
    [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset To,
    IReadOnlyList<HourTotal> Hours);
