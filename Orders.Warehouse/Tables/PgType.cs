namespace Orders.Warehouse.Tables;

/// <summary>A row of <c>pg_type</c>.</summary>
/// <param name="Oid">Its oid.</param>
/// <param name="Name">Its name; with its schema unless that is <c>pg_catalog</c>.</param>
/// <param name="IsBuiltIn">Whether it is of <c>pg_catalog</c>.</param>
/// <param name="Domain">The type under a domain; 0 for no domain.</param>
/// <param name="Modifier">The domain's modifier of the type under it; -1 for none.</param>
/// <param name="Element">The type of an array's elements; 0 for no array.</param>
/// <param name="Delimiter">What separates elements of it in an array.</param>
internal sealed record PgType(uint Oid, string Name, bool IsBuiltIn, uint Domain, int Modifier, uint Element, char Delimiter);
