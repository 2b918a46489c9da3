using System.Text.Json.Serialization;
using Orders.Domain;

namespace Orders.Sync.Reconciling;

/// <summary>
/// The JSON of this folder's commands: the same as the operations API's, indented for a person.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, Converters = [typeof(TimestampJsonConverter)])]
[JsonSerializable(typeof(ReconcileReport))]
internal sealed partial class ReconcilingJson : JsonSerializerContext;
