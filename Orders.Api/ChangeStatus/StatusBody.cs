namespace Orders.Api.ChangeStatus;

/// <summary>
/// A change of an order's status. Describes the body for OpenAPI; <see cref="StatusRequestReader"/> reads
/// it.
/// </summary>
/// <param name="Status">placed, paid, shipped, completed or cancelled.</param>
internal sealed record StatusBody(string Status);
