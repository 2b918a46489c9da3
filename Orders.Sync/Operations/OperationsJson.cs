using System.Text.Json.Serialization;
using Orders.Domain;
using Orders.Sync.DeadLetters;
using Orders.Sync.Reconciling;
using Orders.Sync.Snapshots;

namespace Orders.Sync.Operations;

/// <summary>The JSON of commands: the same as the operations API's, indented for a person.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, Converters = [typeof(TimestampJsonConverter)])]
[JsonSerializable(typeof(SyncStatus))]
[JsonSerializable(typeof(DeadLetterPage))]
[JsonSerializable(typeof(RedriveResult))]
[JsonSerializable(typeof(DiscardResult))]
[JsonSerializable(typeof(SnapshotProgress))]
[JsonSerializable(typeof(ReconcileReport))]
internal sealed partial class OperationsJson : JsonSerializerContext;
