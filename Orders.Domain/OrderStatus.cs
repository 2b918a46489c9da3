using System.Text.Json.Serialization;

namespace Orders.Domain;

/// <summary>
/// The status of an order. The steps between are in <see cref="OrderStatuses.MayBecome"/>.
/// </summary>
[JsonConverter(typeof(OrderStatusJsonConverter))]
public enum OrderStatus
{
    /// <summary>Received; nothing is paid yet.</summary>
    Placed,

    /// <summary>Paid; not shipped yet.</summary>
    Paid,

    /// <summary>On its way; can no longer be cancelled.</summary>
    Shipped,

    /// <summary>Delivered. Final.</summary>
    Completed,

    /// <summary>Cancelled before it was shipped. Final; not counted in the totals.</summary>
    Cancelled,
}
