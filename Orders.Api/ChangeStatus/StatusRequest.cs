using Orders.Domain;

namespace Orders.Api.ChangeStatus;

/// <summary>What a client asks an order to become.</summary>
internal sealed record StatusRequest(OrderStatus Status);
