namespace Orders.Warehouse.Embedded;

/// <summary>A query has no answer.</summary>
/// <param name="fault">Why.</param>
/// <param name="message">The same in words, with the way out. DuckDB's own words may have several
/// lines.</param>
internal sealed class QueryException(QueryFault fault, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public QueryFault Fault => fault;
}
