using Orders.Domain;

namespace Orders.Api.Store;

/// <summary>A stored order, with the marks of its writers.</summary>
internal sealed record MarkedOrder(Order Order, WriteMarks Marks);
