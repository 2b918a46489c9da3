using Npgsql;

namespace Orders.Sync.Repair;

/// <summary>
/// The fence of a snapshot's transactions: it fails when the lease is lost or the snapshot was stopped.
/// </summary>
internal static class SnapshotFence
{
    /// <summary>
    /// Makes the statement. It must come after the gate, if there is one, and before any row.
    /// </summary>
    public static NpgsqlBatchCommand For(SnapshotLease lease) => new("SELECT sync.fence_snapshot($1, $2)")
    {
        Parameters = { new() { Value = lease.SnapshotId }, new() { Value = lease.FencingToken } },
    };

    /// <summary>Runs statements, and throws an exception of its own for a lost snapshot.</summary>
    /// <param name="lease">The snapshot's lease; null outside of a snapshot.</param>
    /// <param name="execute">Sends the statements.</param>
    /// <exception cref="SnapshotLostException">Another instance runs the snapshot, or it was
    /// stopped.</exception>
    public static async Task<T> GuardAsync<T>(SnapshotLease? lease, Func<Task<T>> execute)
    {
        try
        {
            return await execute();
        }
        catch (PostgresException failure) when (lease is not null && SnapshotLostException.IsIt(failure))
        {
            throw new SnapshotLostException(lease.SnapshotId, failure);
        }
    }
}
