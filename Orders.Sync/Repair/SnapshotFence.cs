using Npgsql;

namespace Orders.Sync.Repair;

/// <summary>The statement without which nothing of a snapshot commits: it fails where the right to run it is lost or it was stopped.</summary>
internal static class SnapshotFence
{
    /// <summary>Makes the statement. After the gate, where there is one, and before any row.</summary>
    public static NpgsqlBatchCommand For(SnapshotLease lease) => new("SELECT sync.fence_snapshot($1, $2)")
    {
        Parameters = { new() { Value = lease.SnapshotId }, new() { Value = lease.FencingToken } },
    };
}
