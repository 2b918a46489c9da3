namespace Orders.Infra.Data;

/// <summary>The stores of the warehouse.</summary>
/// <param name="Lake">The bucket.</param>
/// <param name="Redshift">Null when the stack is without it.</param>
internal sealed record WarehouseStores(Lake Lake, Redshift? Redshift);
