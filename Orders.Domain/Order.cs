using System.Text.Json.Serialization;

namespace Orders.Domain;

/// <summary>
/// An order as of one version. Immutable: a change makes another order with the next version. The order of
/// the members is the order of the members in the rendered JSON. Every member but the trace is required,
/// also where it may be null: who makes an order and forgets a field does not compile.
/// </summary>
public sealed record Order
{
    /// <summary>
    /// UUID version 7, so that ids sort roughly by time. <c>Orders.Api</c> uses none again, not even after a
    /// deletion; other writers may.
    /// </summary>
    public required Guid OrderId { get; init; }

    /// <summary>Who sells. Decides who may see the order.</summary>
    public required string MerchantId { get; init; }

    /// <summary>Who buys, when it is known.</summary>
    public required string? CustomerId { get; init; }

    /// <summary>Where the order stands.</summary>
    public required OrderStatus Status { get; init; }

    /// <summary>The currency of <see cref="Amount"/> and of every line's price.</summary>
    public required Currency Currency { get; init; }

    /// <summary>What the order costs in all; positive, with the currency's number of digits.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The lines; empty for an order that was placed by amount alone.</summary>
    public required IReadOnlyList<OrderLine> Items { get; init; }

    /// <summary>When the order was placed, UTC, to the millisecond. Never changes.</summary>
    [JsonConverter(typeof(TimestampJsonConverter))]
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>When this version was written, UTC, to the millisecond.</summary>
    [JsonConverter(typeof(TimestampJsonConverter))]
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>
    /// 1 for a new order, one more with every write. A deletion counts as the version after the last.
    /// </summary>
    public required long Version { get; init; }

    /// <summary>
    /// The W3C trace context of the request that wrote this version; lets the consumer of the stream
    /// continue its trace.
    /// </summary>
    [JsonIgnore]
    public string? TraceParent { get; init; }
}
