namespace Orders.Warehouse.Embedded;

/// <summary>The last line of the process that runs a query.</summary>
/// <param name="IsCut">Whether there were more rows.</param>
/// <param name="Fault">Why there is no answer; null for a whole one.</param>
/// <param name="Message">The same in words.</param>
internal sealed record QueryEnd(bool IsCut, QueryFault? Fault, string? Message);
