using Orders.Api.Place;
using Orders.Domain;

namespace Orders.Api.Batch;

/// <summary>An order of a batch, to be placed.</summary>
/// <param name="Index">Its index in the batch, from 0.</param>
/// <param name="Request">The request.</param>
/// <param name="Order">The new order.</param>
internal sealed record BatchLine(int Index, OrderRequest Request, Order Order);
