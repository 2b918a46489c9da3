using System.Text.Json;

namespace Orders.Warehouse.Embedded;

/// <summary>The answer to a query.</summary>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">Its rows, each an array of JSON. Numbers have every digit: a DECIMAL or BIGINT is a
/// number of JSON as it stands in the table; what JSON has no form for is text.</param>
/// <param name="IsCut">Whether there were more rows than the bounds allow.</param>
internal sealed record QueryAnswer(IReadOnlyList<QueryColumn> Columns, IReadOnlyList<JsonElement> Rows, bool IsCut);
