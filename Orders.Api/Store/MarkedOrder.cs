using Orders.Domain;

namespace Orders.Api.Store;

/// <summary>An order as it is stored, with what only its writers look at.</summary>
internal sealed record MarkedOrder(Order Order, WriteMarks Marks);
