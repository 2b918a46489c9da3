using Npgsql;

namespace Orders.Sync.Snapshots;

/// <summary>Another instance runs the snapshot now, or somebody stopped it: what was being written did not commit.</summary>
internal sealed class SnapshotLostException(long snapshotId, Exception? inner = null) : Exception($"snapshot {snapshotId} is stopped or run by another instance", inner)
{
    /// <summary>The SQLSTATE with which <c>sync.fence_snapshot</c> refuses.</summary>
    private const string State = "DS002";

    public static bool IsIt(PostgresException failure) => failure.SqlState == State;
}
