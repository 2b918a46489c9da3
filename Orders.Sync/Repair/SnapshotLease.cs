
namespace Orders.Sync.Repair;

/// <summary>The right to run a snapshot.</summary>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="Kind">What it does.</param>
/// <param name="FencingToken">Rises with every owner: a commit with an older token fails.</param>
internal sealed record SnapshotLease(long SnapshotId, SnapshotKind Kind, long FencingToken);
