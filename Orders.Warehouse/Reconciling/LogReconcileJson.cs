using System.Text.Json.Serialization;

namespace Orders.Warehouse.Reconciling;

/// <summary>The report as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(LogReconcileReport))]
internal sealed partial class LogReconcileJson : JsonSerializerContext;
