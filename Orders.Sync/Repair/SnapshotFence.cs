using Npgsql;

namespace Orders.Sync.Repair;

/// <summary>
/// The statement without which nothing of a snapshot commits: it fails where the right to run it is lost or
/// it was stopped.
/// </summary>
internal static class SnapshotFence
{
    /// <summary>Makes the statement. After the gate, where there is one, and before any row.</summary>
    public static NpgsqlBatchCommand For(SnapshotLease lease) => new("SELECT sync.fence_snapshot($1, $2)")
    {
        Parameters = { new() { Value = lease.SnapshotId }, new() { Value = lease.FencingToken } },
    };

    /// <summary>Runs statements, and tells a lost snapshot by its own exception.</summary>
    /// <param name="lease">The right to run it; null outside of a snapshot.</param>
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
