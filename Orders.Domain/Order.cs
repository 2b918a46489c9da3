using System.Text.Json.Serialization;

namespace Orders.Domain;

/// <summary>
/// An order in one version. Immutable: a change makes a new order with the next version. The members have
/// the order of the rendered JSON. Every member but the trace is required, even nullable ones, so that code
/// that forgets a field does not compile.
/// </summary>
public sealed record Order
{
    /// <summary>
    /// UUID version 7, so that ids sort roughly by time. <c>Orders.Api</c> never reuses one, even after a
    /// deletion; other writers may.
    /// </summary>
    public required Guid OrderId { get; init; }

    /// <summary>The seller. It decides who may see the order.</summary>
    public required string MerchantId { get; init; }

    /// <summary>The buyer; null when unknown.</summary>
    public required string? CustomerId { get; init; }

    /// <summary>The order's status.</summary>
    public required OrderStatus Status { get; init; }

    /// <summary>The currency of <see cref="Amount"/> and of every line's price.</summary>
    public required Currency Currency { get; init; }

    /// <summary>The total of the order; positive, with the currency's decimals.</summary>
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
