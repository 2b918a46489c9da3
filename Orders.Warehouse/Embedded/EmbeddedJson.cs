using System.Text.Json.Serialization;

namespace Orders.Warehouse.Embedded;

/// <summary>JSON between this program and the process that runs a query.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(QueryRequest))]
[JsonSerializable(typeof(IReadOnlyList<QueryColumn>))]
[JsonSerializable(typeof(QueryEnd))]
internal sealed partial class EmbeddedJson : JsonSerializerContext;
