using System.Text.Json.Serialization;

namespace Orders.Warehouse.Status;

/// <summary>The status as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(WarehouseStatus))]
internal sealed partial class WarehouseStatusJson : JsonSerializerContext;
