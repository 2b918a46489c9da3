using System.Text.Json.Serialization;
using Orders.Domain;
using Orders.Query.Totals;

namespace Orders.Query.Customers;

/// <summary>A customer of a merchant, derived from its orders.</summary>
internal sealed record Customer
{
    /// <summary>
    /// The most orders that are counted, newest first: a customer id for all anonymous buyers may have
    /// millions.
    /// </summary>
    public const int CountedOrders = 10_000;

    public required string MerchantId { get; init; }

    /// <summary>The merchant's own id of the customer.</summary>
    public required string CustomerId { get; init; }

    /// <summary>When its first order was placed, even if that was deleted.</summary>
    [JsonConverter(typeof(TimestampJsonConverter))]
    public required DateTimeOffset FirstOrderAt { get; init; }

    /// <summary>When its last order was placed, even if that was deleted.</summary>
    [JsonConverter(typeof(TimestampJsonConverter))]
    public required DateTimeOffset LastOrderAt { get; init; }

    /// <summary>Orders that exist.</summary>
    public required long Orders { get; init; }

    /// <summary>The same by status, each status named.</summary>
    public required IReadOnlyDictionary<string, long> Statuses { get; init; }

    /// <summary>The sums of the orders that are not cancelled, by currency.</summary>
    public required IReadOnlyList<CurrencyAmount> Amounts { get; init; }

    /// <summary>Whether there are so many orders that only the newest are counted.</summary>
    public required bool Capped { get; init; }
}
