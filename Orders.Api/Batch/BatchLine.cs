using Orders.Api.Place;
using Orders.Domain;

namespace Orders.Api.Batch;

/// <summary>An order of a batch that is to be placed.</summary>
/// <param name="Index">Its place in the batch, from 0.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Order">The order that it becomes.</param>
internal sealed record BatchLine(int Index, OrderRequest Request, Order Order);
