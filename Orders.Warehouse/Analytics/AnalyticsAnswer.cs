using System.Text.Json;
using System.Text.Json.Serialization;
using Orders.Warehouse.Embedded;

namespace Orders.Warehouse.Analytics;

/// <summary>The answer to a question or a query. Numbers of the types DECIMAL and BIGINT are exact: read
/// them without a float.</summary>
/// <param name="Sql">The SQL that was run.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Rows">Its rows, a value for each column.</param>
/// <param name="IsCut">Whether there were more rows.</param>
internal sealed record AnalyticsAnswer(string Sql, IReadOnlyList<QueryColumn> Columns, IReadOnlyList<JsonElement> Rows, [property: JsonPropertyName("cut")] bool IsCut);
