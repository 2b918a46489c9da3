using System.Text.Json.Serialization;

namespace Orders.Domain;

/// <summary>Where an order stands. The steps between are in <see cref="OrderStatuses.MayBecome"/>.</summary>
[JsonConverter(typeof(OrderStatusJsonConverter))]
public enum OrderStatus
{
    /// <summary>Received; nothing is paid yet.</summary>
    Placed,

    /// <summary>Paid; nothing has left the house yet.</summary>
    Paid,

    /// <summary>On its way; can no longer be cancelled.</summary>
    Shipped,

    /// <summary>Delivered. The end.</summary>
    Completed,

    /// <summary>Called off before it was shipped. The end; does not count in the totals.</summary>
    Cancelled,
}
