using Orders.Warehouse.Redshift;
using Orders.Warehouse.Tables;

namespace Orders.Warehouse.Status;

/// <summary>How the warehouse is.</summary>
/// <param name="Lake">Where it is.</param>
/// <param name="Stream">The side that reads the table's stream.</param>
/// <param name="Logs">Its logs.</param>
/// <param name="Quarantine">What cannot be typed.</param>
/// <param name="State">The stored newest state of the orders; null before the first one.</param>
/// <param name="Snapshot">The last snapshot; null when there was none.</param>
/// <param name="Tables">The tables that SQL owns; null when none was ever read.</param>
/// <param name="Redshift">The loads of Redshift; null when there was none.</param>
internal sealed record WarehouseStatus(
    string Lake, StreamStatus Stream, IReadOnlyList<LogStatus> Logs, QuarantineStatus Quarantine, StateStatus? State, SnapshotStatus? Snapshot, TablesStatus? Tables, RedshiftStatus? Redshift);

/// <summary>The side that reads the table's stream.</summary>
/// <param name="Instances">Instances of the service that are alive.</param>
/// <param name="OpenShards">Shards that are not read to their end.</param>
/// <param name="SecondsBehind">How old the newest moment is up to which everything is in the lake; null when
/// that is not known.</param>
/// <param name="OpenGaps">Lost parts of the stream that no snapshot has healed yet.</param>
internal sealed record StreamStatus(long Instances, long OpenShards, double? SecondsBehind, long OpenGaps);

/// <summary>A log.</summary>
/// <param name="Log">Its name.</param>
/// <param name="Files">Live files.</param>
/// <param name="Rows">Their rows.</param>
/// <param name="Bytes">Their sizes together.</param>
/// <param name="Days">UTC days that have files.</param>
/// <param name="NewestFileSeconds">The age of the newest file.</param>
/// <param name="Waiting">Files that are noted and not live yet.</param>
/// <param name="Replaced">Files that are replaced and not deleted yet.</param>
internal sealed record LogStatus(string Log, long Files, long Rows, long Bytes, long Days, double? NewestFileSeconds, long Waiting, long Replaced);

/// <summary>The quarantine.</summary>
/// <param name="Files">Its files.</param>
/// <param name="Records">The records in them.</param>
internal sealed record QuarantineStatus(long Files, long Records);

/// <summary>The stored newest state of the orders.</summary>
/// <param name="Orders">The orders in it, deleted ones too.</param>
/// <param name="ChangesSince">The changes that it lacks: each query joins them.</param>
/// <param name="Seconds">Its age.</param>
internal sealed record StateStatus(long Orders, long ChangesSince, double? Seconds);

/// <summary>A snapshot.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Reason"><c>start</c>, <c>gap</c> or <c>asked</c>.</param>
/// <param name="IsRunning">Whether it is not finished.</param>
/// <param name="IsSkipped">Whether the stream had everything, so that none was needed.</param>
/// <param name="Found">Orders that it found so far.</param>
/// <param name="Vanished">Orders that were no longer there.</param>
internal sealed record SnapshotStatus(long Id, string Reason, bool IsRunning, bool IsSkipped, long Found, long Vanished);
