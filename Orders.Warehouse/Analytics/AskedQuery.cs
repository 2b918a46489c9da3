namespace Orders.Warehouse.Analytics;

/// <summary>The body of a free query.</summary>
/// <param name="Sql">One SELECT.</param>
internal sealed record AskedQuery(string? Sql);
