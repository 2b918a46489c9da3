using Orders.Domain;

namespace Orders.Api.ChangeStatus;

/// <summary>The status that a client requests.</summary>
internal sealed record StatusRequest(OrderStatus Status);
