using System.Text.Json.Serialization;
using Orders.Domain;

namespace Orders.Query.Totals;

/// <summary>Orders placed in an hour that exist and are not cancelled.</summary>
/// <param name="Hour">When the hour began, UTC.</param>
/// <param name="Orders">How many.</param>
/// <param name="Amounts">Their sums, by currency.</param>
internal sealed record HourTotal(
    [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset Hour, long Orders, IReadOnlyList<CurrencyAmount> Amounts);
