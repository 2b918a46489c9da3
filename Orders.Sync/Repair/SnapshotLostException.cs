using Npgsql;
using Orders.Sync.Projection;

namespace Orders.Sync.Repair;

/// <summary>
/// Another instance runs the snapshot now, or it was stopped: the current transaction did not commit.
/// </summary>
internal sealed class SnapshotLostException(long snapshotId, Exception? inner = null) : Exception($"snapshot {snapshotId} is stopped or run by another instance", inner)
{
    public static bool IsIt(PostgresException failure) => failure.SqlState == ReadModelSqlStates.SnapshotLost;
}
